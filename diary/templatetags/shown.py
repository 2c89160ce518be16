"""Times as a person's clock writes them, for templates."""

from datetime import datetime, time

from django import template
from django.utils import timezone

from .. import shown
from ..models import Diary

register = template.Library()


@register.filter
def clock(moment: datetime | time, face: str) -> str:
    """A time of day, by the clock that the diary is set to."""
    return shown.clock_text(moment, face)


@register.filter
def theme_now(diary: Diary) -> str:
    """How the pages of this diary are coloured at this moment."""
    return diary.theme_at(timezone.now())
