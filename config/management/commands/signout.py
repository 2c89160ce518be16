"""Signs an account out of every device, when its owner can't: a stolen phone, a shared password."""

from config.management.account import AccountCommand, sign_out_everywhere
from diary.models import User


class Command(AccountCommand):
    """Ends the sessions of one person; passwords and passkeys stay."""

    help = __doc__

    def do(self, user: User) -> str:
        """Every device has to sign in again."""
        sign_out_everywhere(user)
        return "Every device has to sign in again."
