"""Who may make an account, and what the pages of an account say."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from diary.models import User

# By name of the field: its label, and what is said when it was left empty.
WORDS = {
    "login": (_("E-mail address"), _("Enter your e-mail address")),
    "email": (_("E-mail address"), _("Enter an e-mail address")),
    "password": (_("Password"), _("Enter your password")),
    "oldpassword": (_("The password you have now"), _("Enter the password you have now")),
    "password1": (_("Password"), _("Choose a password")),
    "password2": (_("The new password once more"), _("Enter the new password once more")),
    "remember": (_("Stay signed in on this device"), ""),
}
INVALID = {
    "login": _("Enter an e-mail address, such as name@example.org"),
    "email": _("Enter an e-mail address, such as name@example.org"),
}


class Backend(AuthenticationBackend):
    """Knows who signed in, and brings their diary along: every page needs both."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, if the account is still there and open; one query."""
        user = User.objects.select_related("diary").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class Adapter(DefaultAccountAdapter):
    """Lets the first person in; others only where the operator opened the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The sample diary's made-up owner is nobody's account."""
        return settings.SIGNUP == "open" or not User.objects.filter(diary__is_sample=False).exists()


class PlainForm:
    """Gives a form of allauth our words and our look."""

    use_required_attribute = False
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, missing = WORDS.get(name, (field.label, ""))
            if name in INVALID:
                # A validator's own words come before the field's.
                field.error_messages["invalid"] = INVALID[name]
                for validator in field.validators:
                    if getattr(validator, "code", "") == "invalid":
                        validator.message = INVALID[name]
            if missing:
                field.error_messages["required"] = missing
                field.widget.attrs["class"] = "input"


class LoginForm(PlainForm, allauth_forms.LoginForm):
    """Sign in."""


class SignupForm(PlainForm, allauth_forms.SignupForm):
    """Make an account. Takes as long for an address that is known as for one that is new."""

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Hash the password in both cases: the time must not tell who has an account."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[Any, Any] = super().try_save(request)
        return saved


class AddEmailForm(PlainForm, allauth_forms.AddEmailForm):
    """One more address."""


class ChangePasswordForm(PlainForm, allauth_forms.ChangePasswordForm):
    """Another password, by whoever knows the one of now."""


class SetPasswordForm(PlainForm, allauth_forms.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(PlainForm, allauth_forms.ResetPasswordForm):
    """Ask for a link to choose another password."""


class ResetPasswordKeyForm(PlainForm, allauth_forms.ResetPasswordKeyForm):
    """Choose another password, after such a link."""


class ReauthenticateForm(PlainForm, allauth_forms.ReauthenticateForm):
    """Show that it is still the same person."""


class RefusedForms:
    """Answers 422 where allauth shows a form again, as every other form here does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only what is rendered late passes through below."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """A page that was posted to and has a form with errors on it was refused."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and getattr(form, "errors", None):
            response.status_code = 422
        return response
