"""What a day is called and where its page is, and where a note is, for templates.

The list of the diary says these hundreds of times, and Django takes long to put an address
together. What stays in memory says nothing of a person.
"""

from datetime import date
from functools import lru_cache
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language

from .. import addresses

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
def day_url(day: date, name: str = "day") -> str:
    """Where the page of the day is, or what else is named, such as "day-factors"."""
    return reverse(name, args=[day])


@register.filter
def note_url(note: UUID, name: str = "note") -> str:
    """Where the page of a note is, or what else is named, such as "note-remove"."""
    return addresses.of_note(note, name)
