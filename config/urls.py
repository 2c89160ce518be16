"""Every address: the diary, what is learned from it, and accounts."""

from django.urls import include, path

from config.later import Views

devices = Views("config.devices")
health = Views("config.health")
offline = Views("config.offline")
privacy = Views("config.privacy")
weakness = Views("config.weakness")

urlpatterns = [
    path("", include("diary.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/devices/", devices.devices, name="account_devices"),
    path("accounts/devices/others/end/", devices.end_others, name="account_devices_end_others"),
    path("accounts/devices/<int:pk>/end/", devices.end, name="account_devices_end"),
    path("privacy/", privacy.privacy, name="privacy"),
    path(".well-known/security.txt", weakness.security_txt, name="security-txt"),
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

handler500 = "config.health.fault"
