"""Every address: the diary, what is learned from it, and accounts."""

from django.urls import include, path

from config.later import Views

devices = Views("config.devices")
health = Views("config.health")
offline = Views("config.offline")
privacy = Views("config.privacy")
weakness = Views("config.weakness")

# As `allauth.mfa.urls` has them, which would load the arithmetic of passkeys with every start.
mfa = Views("allauth.mfa.base.views")
totp = Views("allauth.mfa.totp.views")
recovery_codes = Views("allauth.mfa.recovery_codes.views")
webauthn = Views("allauth.mfa.webauthn.views")
second_steps = [
    path("", mfa.index, name="mfa_index"),
    path("authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("webauthn/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "webauthn/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("", include("diary.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include(second_steps)),
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
