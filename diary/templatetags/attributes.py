"""Attributes of a field, for templates: a form has dozens of radios."""

from typing import Any

from django import template
from django.forms.utils import flatatt

register = template.Library()


@register.filter
def attributes(attrs: dict[str, Any]) -> str:
    """` id="when_0" checked`: what Django gave to a field, with a space before each."""
    return flatatt(attrs)
