"""Signing in with a passkey: the forms that take what a device said.

A module of its own because its library, which does the arithmetic, takes a tenth of a start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from config.accounts import PlainForm

NO_PASSKEY = _("That passkey does not fit. You can try again.")


@contextmanager
def refused_if_made_up() -> Iterator[None]:
    """Turn what the passkey library stumbles over into a refusal."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as stumbled:
        raise forms.ValidationError(NO_PASSKEY) from stumbled


class Credential(forms.JSONField):
    """What a device said. It is refused in words, however it was made up."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """A dictionary; a thousand brackets or digits are no reason to fall over."""
        try:
            said = super().to_python(value)
        except (RecursionError, ValueError):
            said = None
        if not isinstance(said, dict):
            raise forms.ValidationError(NO_PASSKEY)
        return said

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Not shown again: a device says something else each time."""
        return initial


class PasskeyForm(PlainForm):
    """Looks at what a device said; the library falls over some of what can be made up."""

    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """The passkey that it is."""
        clean = getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])
        with refused_if_made_up():
            return clean()

    def clean(self) -> Any:
        """The form as a whole, with a passkey that is new."""
        with refused_if_made_up():
            return super().clean()  # type: ignore[misc]


class AddPasskeyForm(PasskeyForm, passkey_forms.AddWebAuthnForm):
    """One more passkey. It takes the place of the password unless its owner says otherwise."""

    name = forms.CharField(max_length=100, required=False)
    credential = Credential()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": _("Passkey"), "passwordless": True}
        super().__init__(*args, **kwargs)


class RenamePasskeyForm(PlainForm, passkey_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(max_length=100)


class PasskeySignInForm(PasskeyForm, passkey_forms.LoginWebAuthnForm):
    """Sign in by a passkey alone."""

    credential = Credential()


class PasskeyStepForm(PasskeyForm, passkey_forms.AuthenticateWebAuthnForm):
    """The second step of signing in, by a passkey."""

    credential = Credential()


class PasskeyAgainForm(PasskeyForm, passkey_forms.ReauthenticateWebAuthnForm):
    """Show that it is still the same person, by a passkey."""

    credential = Credential()
