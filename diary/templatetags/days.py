"""What a day is called and where its page is, for templates.

The list of the diary says both hundreds of times. Neither says anything of a person, so they may
stay in memory.
"""

from datetime import date
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language

register = template.Library()
SOME_YEARS = 4096  # of days


@register.filter
def weekday(day: date) -> str:
    """The day with its weekday, such as Monday 30 November."""
    return _weekday(day, get_language())


@lru_cache(SOME_YEARS)
def _weekday(day: date, language: str) -> str:
    return date_format(day, "WEEKDAY")


@register.filter
@lru_cache(SOME_YEARS)
def day_url(day: date) -> str:
    """Where the page of the day is."""
    return reverse("day", args=[day])
