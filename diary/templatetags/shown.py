"""Times, amounts and colours as a person has them shown, for templates."""

from datetime import datetime, time

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone

from .. import shown
from ..models import Diary

register = template.Library()


@register.filter
def clock(moment: datetime | time, face: str) -> str:
    """A time of day, by the clock that the diary is set to."""
    return shown.clock_text(moment, face)


@register.filter(is_safe=True)
@stringfilter
def together(text: str) -> str:
    """A text in which no line ends between a number and its unit."""
    return shown.together(text)


@register.filter
def theme_now(diary: Diary) -> str:
    """How the pages of this diary are coloured at this moment."""
    return diary.theme_at(timezone.now())
