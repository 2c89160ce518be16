"""Who may make an account, and what the pages of an account say."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import forms as allauth_forms
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.health import MailAway
from config.http import SeeOther
from diary import consent
from diary.consent import ConsentField
from diary.models import User

log = logging.getLogger(__name__)

type View = Callable[..., HttpResponseBase]

# By name of the field: its label, and what is said when it was left empty.
WORDS = {
    "login": (_("E-mail address"), _("Enter your e-mail address")),
    "email": (_("E-mail address"), _("Enter an e-mail address")),
    "password": (_("Password"), _("Enter your password")),
    "oldpassword": (_("The password you have now"), _("Enter the password you have now")),
    "password1": (_("Password"), _("Choose a password")),
    "password2": (_("The new password once more"), _("Enter the new password once more")),
    "remember": (_("Stay signed in on this device"), ""),
    "code": (_("Code"), _("Enter the code")),
    "name": (_("A name for this passkey"), _("Enter a name")),
    "passwordless": (_("Sign in with this passkey alone, without the password"), ""),
}
NEW_PASSWORD = _(
    "At least 8 characters. A few words of your own are easy to keep and hard to guess."
)
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

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send a letter that somebody waits for. Raises MailAway."""
        try:
            super().send_mail(*args, **kwargs)
        except OSError as fault:  # every fault of smtplib is one
            log.error("mail not sent: %s", type(fault).__name__)
            raise MailAway from fault

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell the owner; what was changed stays changed while the mail server is away."""
        with suppress(MailAway):
            super().send_notification_mail(*args, **kwargs)


def asked_again(then: str) -> Callable[[View], View]:
    """Let only those in who showed within the last 300 seconds that it is still them.

    Everybody else is asked, and then led to the page named `then`, from where the way goes on:
    a file that is handed out would leave them on the page that asks. The sample is nobody's.
    """

    def around(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.diary.is_sample or did_recently_reauthenticate(request):  # type: ignore[union-attr]
                return view(request, *args, **kwargs)
            query = urlencode({"next": resolve_url(then)})
            return SeeOther(f"{resolve_url('account_reauthenticate')}?{query}")

        return asked

    return around


def few_tries(what: str, rate: str) -> Callable[[View], View]:
    """Let what is sent in only as often as the rate says, such as "30/m/ip"; then 429.

    Counted in the database, beside the tries at signing in, for all processes together.
    """

    def around(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = ratelimit.consume_or_429(request, app="ebb", action=what, config={what: rate})
            return refused or view(request, *args, **kwargs)

        return counted

    return around


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
            if name == "password1":
                field.help_text = NEW_PASSWORD
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"
            if missing:
                field.error_messages["required"] = missing
                field.widget.attrs["class"] = "input"


class LoginForm(PlainForm, allauth_forms.LoginForm):
    """Sign in."""

    def can_join(self) -> bool:
        """Whether an account can be made instead."""
        return bool(get_adapter().is_open_for_signup(self.request))


class SignupForm(PlainForm, allauth_forms.SignupForm):
    """Make an account. Takes as long for an address that is known as for one that is new."""

    words = consent.WORDS
    consent = ConsentField()

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Hash the password in both cases: the time must not tell who has an account.

        Where only the first person may come in, two who come at once are let in one by one.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        if settings.SIGNUP == "open":
            return self._saved(request)
        with transaction.atomic():  # on SQLite this alone keeps everybody else waiting
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"LOCK TABLE {User._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            if not get_adapter().is_open_for_signup(request):
                raise ImmediateHttpResponse(render(request, "account/signup_closed.html"))
            return self._saved(request)

    def _saved(self, request: HttpRequest) -> tuple[Any, Any]:
        user, answer = super().try_save(request)
        if user:
            consent.give(user, timezone.now())
        return user, answer


class AddEmailForm(PlainForm, allauth_forms.AddEmailForm):
    """One more address. Where no letter proves whose it is, it must be nobody else's."""

    def clean_email(self) -> str:
        """The address; both who has it and who adds it could sign in by it otherwise."""
        email: str = super().clean_email()
        if not settings.HAS_MAIL and filter_users_by_email(email):
            raise get_adapter().validation_error("email_taken")
        return email


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


class CodeForm(PlainForm, code_forms.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(PlainForm, code_forms.ReauthenticateForm):
    """Show that it is still the same person, by a code."""


class FirstCodeForm(PlainForm, totp_forms.ActivateTOTPForm):
    """Show that the app has the secret."""


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
