"""Every address: the diary, what is learned from it, and accounts."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("diary.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
