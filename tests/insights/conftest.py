"""What the tests of the pages of insights share."""

import pytest

from .entries import NOW


@pytest.fixture
def monday_noon(monkeypatch):
    """It is Monday 23 November 2026, at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
