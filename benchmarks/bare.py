"""The least that Django can be: its own apps and middleware, one page. The floor of `start`."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import env

SECRET_KEY = env.text("EBB_SECRET_KEY")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = __name__
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": env.folder("EBB_DATA") / "bare.sqlite3",
    }
}
STATIC_URL = "static/"


def page(request: HttpRequest) -> HttpResponse:
    """A kilobyte for anybody, who is looked up."""
    assert not request.user.is_authenticated
    return HttpResponse(b"x" * 1024)


urlpatterns = [path("accounts/login/", page)]
