"""Takes passkeys and codes off an account whose owner lost the phone and the recovery codes too."""

from allauth.mfa.models import Authenticator

from config.management.account import AccountCommand, sign_out_everywhere
from diary.models import User


class Command(AccountCommand):
    """Lets the password alone sign in again."""

    help = __doc__

    def do(self, user: User) -> str:
        """Make sure who asks before running this: it takes away what protects the account."""
        Authenticator.objects.filter(user=user).delete()
        sign_out_everywhere(user)
        return "The password alone signs in now, and every device has to."
