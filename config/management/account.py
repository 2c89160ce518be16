"""What commands about one account share."""

from abc import ABC, abstractmethod
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError, CommandParser

from diary.models import User


class AccountCommand(ABC, BaseCommand):
    """A command that the operator gives for somebody by the address of their account."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, **options: Any) -> str:
        """Find the account. Raises CommandError when there is none."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        return self.do(user)

    @abstractmethod
    def do(self, user: User) -> str:
        """Change the account. Returns what is said of it."""


def sign_out_everywhere(user: User) -> None:
    """End every session of an account; each device has to sign in again."""
    for session in UserSession.objects.filter(user=user):
        session.end()
