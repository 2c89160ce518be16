"""How the words of a page are looked up."""

from django.conf import settings
from django.utils.translation import trans_real


def test_no_text_is_looked_for_in_a_catalogue_that_says_nothing():
    after = trans_real.translation(settings.LANGUAGE_CODE)._fallback
    while after:
        assert set(after._catalog) - {""}
        after = after._fallback
