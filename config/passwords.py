"""Passwords that are refused beyond Django's own list: those that everybody here tries first."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Of what this product is about; the names of the site are added.
WORDS = ["muscle", "twitches", "twitch", "fasciculation", "diary", "tagebuch", "muskel"]
LETTERS_OF_ONES_OWN = 4


class NotTheNameOfThisPlace:
    """Refuses a password that is hardly more than names of this site and what it is about."""

    def validate(self, password: str, user: Any = None) -> None:
        """Say no where too few letters stay once those words are taken out."""
        rest = password.lower()
        for word in _words():
            rest = rest.replace(word, "")
        if rest != password.lower() and len(re.sub(r"[\W\d_]", "", rest)) < LETTERS_OF_ONES_OWN:
            raise ValidationError(self.get_help_text(), code="name_of_this_place")

    def get_help_text(self) -> str:
        """What to do instead."""
        return _("This is hardly more than a name of this site. Add a few words of your own.")


def _words() -> list[str]:
    """The longest first, so that no part of a longer one stays behind."""
    hosts = [part for host in settings.ALLOWED_HOSTS for part in host.lower().split(".")]
    names = [settings.SITE_NAME.lower(), *(part for part in hosts if len(part) > 3), *WORDS]
    return sorted(names, key=len, reverse=True)
