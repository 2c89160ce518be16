"""How the words of a page are looked up."""

from typing import Any

from django.conf import settings
from django.utils.translation import trans_real


def ask_no_empty_catalogues() -> None:
    """Leave out of the chain of catalogues those that say nothing.

    Django's own English ones are empty. English text is in no catalogue at all, so each of the
    hundreds of texts of a page would be looked for in all of them.
    """
    catalogue: Any = trans_real.translation(settings.LANGUAGE_CODE)
    while after := catalogue._fallback:
        if set(after._catalog) <= {""}:  # its heading
            catalogue._fallback = after._fallback
        else:
            catalogue = after
