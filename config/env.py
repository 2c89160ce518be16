"""Reads the environment: every variable is named here, once, with what it means.

A value that can't be used stops the start with one plain sentence, and so does a name that Ebb
does not know. Secrets have no default. `NAME_FILE` may name a file that holds the value of `NAME`.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; a default of None means that it must be given."""

    name: str
    default: str | None
    meaning: str


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("EBB_SECRET_KEY", None, "signs sessions; at least 50 random characters"),
        Variable("EBB_DATA", "var", "folder of the database, the broker and the secrets"),
        Variable("EBB_STATIC", "", "folder of static files collected before; empty: by Ebb"),
        Variable("EBB_DEBUG", "false", "true shows details of faults; never in public"),
        Variable(
            "EBB_HOSTS",
            "localhost,127.0.0.1",
            "host names it answers to, by comma; mails lead to the first",
        ),
        Variable("EBB_HTTPS", "false", "true when a proxy in front speaks https"),
        Variable("EBB_PROXIES", "0", "how many proxies stand in front"),
        Variable("EBB_DATABASE_URL", "", "postgres://…; empty is SQLite in the data folder"),
        Variable("EBB_BROKER_URL", "", "redis://…; empty is the embedded broker"),
        Variable(
            "EBB_EMAIL_URL", "", "smtp://…; empty: no mail, no reminders, no e-mail is confirmed"
        ),
        Variable("EBB_EMAIL_FROM", "ebb@localhost", "sender of its mails"),
        Variable("EBB_SIGNUP", "first", "open lets others sign up; first: only the first account"),
        Variable("EBB_SECOND_STEP", "offered", "demanded: no diary without a passkey or codes"),
        Variable("EBB_LEAKED_PASSWORDS", "", "file of SHA-1 hashes, in order, that are refused"),
        Variable("EBB_SAMPLE", "false", "true opens the sample diary for visitors"),
        Variable("EBB_EMERGENCY_NUMBER", "", "shown on the medical advice page, such as 112"),
        Variable("EBB_SNOMED", "false", "true: reports for clinics name places in SNOMED CT too"),
        Variable(
            "EBB_SECURITY_CONTACT", "", "where to tell of a weakness: an address or https://…"
        ),
        Variable("EBB_OPERATOR", "", "who runs this server, for its privacy notice"),
        Variable("EBB_OPERATOR_ADDRESS", "", "their postal address, in one line"),
        Variable("EBB_OPERATOR_CONTACT", "", "where to write about privacy"),
        Variable("EBB_OPERATOR_OFFICER", "", "their data protection officer, if there is one"),
        Variable("EBB_COUNTRY", "", "the country in which the server stands"),
        Variable("EBB_KEEP_COPIES", "0", "for how many days copies are kept; 0: not said"),
        Variable("EBB_KEEP_LOGS", "0", "for how many days logs are kept; 0: not said"),
        Variable("EBB_PROCESSORS", "", "firms that work for them, such as a host, by comma"),
        Variable("EBB_AUTHORITY", "", "the data protection authority to complain to"),
        Variable("EBB_METRICS_PORT", "0", "where Prometheus may ask for counts; 0: nowhere"),
        Variable("EBB_METRICS_HOST", "127.0.0.1", "the address for that; keep it off the internet"),
        Variable("EBB_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
        Variable("EBB_LOG_FORMAT", "line", "line, or json for programs that read the log"),
        # Read before any settings: by `bootstrap` and by the tests.
        Variable(
            "EBB_NO_BOOTSTRAP", "", "1 leaves the Python environment alone, as in a container"
        ),
        Variable("EBB_REQUIRE_ALL", "", "1 makes a test fail where it would be skipped"),
    )
}
DATABASES = ("postgres", "postgresql", "pgsql")
BROKERS = ("redis", "rediss", "redis+socket")
# When a connection to the mail server becomes a secret one, and its usual port.
MAIL = {"smtp": ("never", 25), "smtp+tls": ("later", 587), "smtps": ("from the start", 465)}


def refuse_unknown() -> None:
    """Raise ImproperlyConfigured for a name with EBB_ in front that is none: a slip of the pen."""
    for name in sorted(os.environ):
        if name.startswith("EBB_") and name.removesuffix("_FILE") not in VARIABLES:
            raise ImproperlyConfigured(f"{name} is no setting of Ebb; the README lists them all.")


def text(name: str) -> str:
    """The value of a variable, from itself or from the file that NAME_FILE names.

    Raises ImproperlyConfigured when it must be given and is not, or the file can't be read.
    """
    variable = VARIABLES[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as refusal:
            raise ImproperlyConfigured(f"{name}_FILE can't be read: {refusal}.") from None
    value = os.environ.get(name, variable.default)
    if value is None:
        value = _made_by_up(name)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} must be set: {variable.meaning}. (`python3 manage.py up` makes one.)"
        )
    return value.strip()


def flag(name: str) -> bool:
    """A variable that is true or false; anything else is refused."""
    return one_of(name, "true", "false") == "true"


def number(name: str) -> int:
    """A variable that is a whole number, from 0 to 99."""
    return _whole(name, 99, "a whole number from 0 to 99")


def days(name: str) -> int:
    """A variable that is a number of days up to ten years, or 0 for none said."""
    return _whole(name, 3650, "a number of days up to 3650")


def port(name: str) -> int:
    """A variable that is a port, or 0 for none."""
    return _whole(name, 65_535, "a port from 1 to 65535, or 0")


def one_of(name: str, *choices: str) -> str:
    """A variable with a few known values."""
    value = text(name)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def words(name: str) -> list[str]:
    """A variable that lists values by comma."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def folder(name: str) -> Path:
    """A variable that names a folder; a relative one is counted from the project's own."""
    return HERE / text(name)


def file(name: str) -> Path | None:
    """A variable that names a file to read, None for none."""
    value = text(name)
    if value and not os.access(HERE / value, os.R_OK):
        raise ImproperlyConfigured(f"{name} must be a file that can be read, not {value!r}.")
    return HERE / value if value else None


def database(name: str) -> dict[str, Any] | None:
    """Django's settings of the database that the variable names, None for none."""
    url = _url(name, DATABASES)
    return environ.Env.db_url_config(url) if url else None


def broker(name: str) -> str:
    """The address of the broker that the variable names, empty for none."""
    return _url(name, BROKERS)


def mail(name: str) -> dict[str, Any] | None:
    """The mail server that the variable names, as Django's MAILERS want it, None for none."""
    url = _url(name, MAIL)
    if not url:
        return None
    parts = urlsplit(url)
    secure, port = MAIL[parts.scheme]
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": secure == "later",
            "use_ssl": secure == "from the start",
            "timeout": 10,
        },
    }


def contact(name: str) -> str:
    """Where to write to: an e-mail address as mailto:, or a page by https. Empty for nowhere."""
    value = text(name)
    plain = value.isascii() and value.isprintable() and " " not in value
    if not value or (plain and value.startswith("https://") and urlsplit(value).hostname):
        return value
    before, _, host = value.partition("@")
    if plain and before and "." in host and "@" not in host and ":" not in value:
        return f"mailto:{value}"
    raise ImproperlyConfigured(f"{name} must be an e-mail address or start with https://.")


def _whole(name: str, most: int, what: str) -> int:
    value = text(name)
    # Digits of ASCII alone, and few enough to be a number: int() takes others too.
    if not (value.isascii() and value.isdigit() and len(value) <= 5 and int(value) <= most):
        raise ImproperlyConfigured(f"{name} must be {what}, not {value!r}.")
    return int(value)


def _url(name: str, schemes: Iterable[str]) -> str:
    """The value itself is left out of the refusal: it may hold a password."""
    value = text(name)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in schemes and (parts.hostname or parts.path.strip("/"))
        _ = parts.port  # raises when it is no number
    except ValueError:
        whole = None
    if not whole:
        example = f"{next(iter(schemes))}://user:password@host/name"
        raise ImproperlyConfigured(f"{name} must be an address such as {example}.")
    return value


def _made_by_up(name: str) -> str | None:
    """The secret that the run command made in the data folder, so that other commands work too."""
    made = folder("EBB_DATA") / name.removeprefix("EBB_").lower()
    return made.read_text(encoding="ascii") if made.is_file() else None
