"""Every address: the diary, what is learned from it, and accounts."""

from django.urls import include, path

from config import health, offline

urlpatterns = [
    path("", include("diary.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("waiting/", offline.waiting, name="waiting"),
    path("offline/", offline.shell, {"name": "offline"}, name="offline"),
    path("offline/today/", offline.shell, {"name": "offline-today"}, name="offline-today"),
    path("offline/log/", offline.shell, {"name": "offline-log"}, name="offline-log"),
    path("offline/waiting/", offline.shell, {"name": "offline-waiting"}, name="offline-waiting"),
]
