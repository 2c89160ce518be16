"""The only settings file for real runs; everything that differs comes through `env`."""

import tomllib
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from . import env, operator

env.refuse_unknown()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("EBB_DATA").resolve()

SECRET_KEY = env.text("EBB_SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("EBB_SECRET_KEY must have at least 50 characters.")
DEBUG = env.flag("EBB_DEBUG")
ALLOWED_HOSTS = [*env.words("EBB_HOSTS"), "localhost"]  # by that name it asks itself for health
HTTPS = env.flag("EBB_HTTPS")
# Where a mail leads that nobody's request asked for: the first of the names.
ADDRESS = f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}"

SITE_NAME = "Ebb"
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
SIGNUP = env.one_of("EBB_SIGNUP", "first", "open")
SECURITY_CONTACT = env.contact("EBB_SECURITY_CONTACT")
OPEN_WITH_SAMPLE = env.flag("EBB_SAMPLE")
SNOMED = env.flag("EBB_SNOMED")
EMERGENCY_NUMBER = env.text("EBB_EMERGENCY_NUMBER")

OPERATOR = operator.from_environment()

INSTALLED_APPS = [
    "config",
    "diary",
    "insights",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.headers",
    # Before what answers by itself: a file that is opened alone has its policy too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.ended_when_unused",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.signed_out",
    "diary.middleware.SampleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "diary.middleware.DiaryMiddleware",
    "diary.middleware.LeavingMiddleware",
    "diary.middleware.ConsentMiddleware",
    "config.second_step.SecondStepMiddleware",
    "config.middleware.same_account",
    "allauth.account.middleware.AccountMiddleware",
    "config.accounts.RefusedForms",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

METRICS_PORT = env.port("EBB_METRICS_PORT")
METRICS_HOST = env.text("EBB_METRICS_HOST")
if METRICS_PORT:
    MIDDLEWARE.insert(0, "config.metrics.counted")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.http.site",
            ],
        },
    }
]

# --- database ---------------------------------------------------------------------------------

if server := env.database("EBB_DATABASE_URL"):
    server["OPTIONS"] = {"connect_timeout": 2} | server.get("OPTIONS", {})
    DATABASES = {"default": server | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "ebb.sqlite3",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # These three belong together: WAL alone loses most concurrent writers to "database
                # is locked". FULL keeps the last save through a power cut. What is deleted is
                # overwritten in the file: most builds of SQLite leave it there.
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"
                ),
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts of sign-in attempts and codes used up: shared by all processes, and no broker is needed to
# sign in. With Django's own limit of 300 rows, a flood of made-up addresses would push counts out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- accounts ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "diary.User"
AUTHENTICATION_BACKENDS = ["config.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "config.passwords.NotTheNameOfThisPlace"},
    {"NAME": "config.passwords.NotLeaked"},
]
LEAKED_PASSWORDS = env.file("EBB_LEAKED_PASSWORDS")
LOGIN_URL = "account_login"
LOGIN_PATH = "/accounts/login/"
CSRF_FAILURE_VIEW = "config.unsent.stale"
LOGOUT_PATH = "/accounts/logout/"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "config.accounts.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # once: programs fill it in, and it can be reset
ACCOUNT_SIGNUP_REDIRECT_URL = "welcome"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address is added, made the main one, removed
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # a code by mail would be less than either
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a change of an account is told to its owner by mail
ACCOUNT_FORMS = {
    "login": "config.accounts.LoginForm",
    "signup": "config.accounts.SignupForm",
    "add_email": "config.accounts.AddEmailForm",
    "change_password": "config.accounts.ChangePasswordForm",
    "set_password": "config.accounts.SetPasswordForm",
    "reset_password": "config.accounts.ResetPasswordForm",
    "reset_password_from_key": "config.accounts.ResetPasswordKeyForm",
    "reauthenticate": "config.accounts.ReauthenticateForm",
}
MFA_ADAPTER = "config.codes.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
SECOND_STEP_DEMANDED = env.one_of("EBB_SECOND_STEP", "offered", "demanded") == "demanded"
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "authenticate": "config.accounts.CodeForm",
    "reauthenticate": "config.accounts.CodeAgainForm",
    "activate_totp": "config.accounts.FirstCodeForm",
    "add_webauthn": "config.passkeys.AddPasskeyForm",
    "edit_webauthn": "config.passkeys.RenamePasskeyForm",
    "login_webauthn": "config.passkeys.PasskeySignInForm",
    "authenticate_webauthn": "config.passkeys.PasskeyStepForm",
    "reauthenticate_webauthn": "config.passkeys.PasskeyAgainForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("EBB_PROXIES")

if mail := env.mail("EBB_EMAIL_URL"):
    MAILERS = {"default": mail}
    ACCOUNT_EMAIL_VERIFICATION = "mandatory"
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    SILENCED_SYSTEM_CHECKS = ["mail.E001"]  # no mail server is a choice: nothing is sent
    ACCOUNT_EMAIL_VERIFICATION = "none"
    MFA_ALLOW_UNVERIFIED_EMAIL = True
HAS_MAIL = mail is not None
DEFAULT_FROM_EMAIL = env.text("EBB_EMAIL_FROM")

# --- browser ----------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    # Plotly places its layers by style attributes; without them its charts fall apart.
    "style-src-attr": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from inside, without the proxy
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
FILE_UPLOAD_HANDLERS = [
    "diary.imports.upload.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.statics.Packaged",
]
if env.text("EBB_STATIC"):
    # Collected once, when an image is built: there is time for the smallest files.
    STATIC_ROOT = env.folder("EBB_STATIC")
    _storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
else:
    STATIC_ROOT = DATA_DIR / "static"
    _storage = "config.statics.GzipManifestStorage"
STORAGES = {"staticfiles": {"BACKEND": _storage}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}(\.\w+)?$"  # so it need not be asked of each file
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our pages alone need these files

# --- queue ------------------------------------------------------------------------------------

# An address of its own only in production; the run command starts a broker in the data folder.
CELERY_BROKER_URL = env.broker("EBB_BROKER_URL") or f"redis+socket://{DATA_DIR}/broker.sock"
CELERY_RESULT_BACKEND = None  # results live in our tables; a backend would block on a dead broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# No socket_timeout: on a worker it ends in a process that lives and never takes a task again.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "insights.tasks.sweep",
        "schedule": 2.0,
        "options": {"expires": 10, "retry": False},
    },
    "delete-due": {
        "task": "insights.tasks.delete_due",
        "schedule": 10.0,
        "options": {"expires": 10, "retry": False},
    },
    "remind-due": {
        "task": "insights.tasks.remind_due",
        "schedule": 60.0,
        "options": {"expires": 60, "retry": False},
    },
}

# --- words and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"  # each diary has its own; see diary.middleware

# --- logging: ids and durations, never what a person wrote -----------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.WithoutTheirWords",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"class": "config.logs.AsJson"},
    },
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "formatter": env.one_of("EBB_LOG_FORMAT", "line", "json"),
        }
    },
    "root": {
        "handlers": ["out"],
        "level": env.one_of("EBB_LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
    },
}
