"""What the codes of an app and the recovery codes are made of is encrypted in the database.

A copy of the database alone makes no codes: the key comes from the secret key, which no copy holds.
"""

import logging
from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)

MARK = "encrypted:"  # what an older Ebb wrote down lacks it


class Adapter(DefaultMFAAdapter):
    """Keeps secrets of second steps so that only this Ebb can read them."""

    def encrypt(self, text: str) -> str:
        """The text for nobody but `decrypt`."""
        return MARK + str(_lock().encrypt(text.encode()), "ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; after another secret key a secret that fits no code of anybody."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return str(_lock().decrypt(encrypted_text.removeprefix(MARK)), "ascii")
        except InvalidToken:
            log.error("a secret of codes can't be read: the secret key is not the one of then")
            return str(generate_totp_secret())


def _lock() -> Fernet:
    key = salted_hmac("ebb.codes", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))
