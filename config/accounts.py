"""Who may make an account, and how."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from diary.models import User


class Adapter(DefaultAccountAdapter):
    """Lets the first person in; others only where the operator opened the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The sample diary's made-up owner is nobody's account."""
        return settings.SIGNUP == "open" or not User.objects.filter(diary__is_sample=False).exists()


class SignupForm(AllauthSignupForm):
    """Takes as long for an address that is known as for one that is new."""

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Hash the password in both cases: the time must not tell who has an account."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
