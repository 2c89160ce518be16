"""Consent to keep health data: its words, which version holds, and what a person said to it.

Who changes a word of `WORDS` or `AGREE` changes what was agreed to: `VERSION` goes up by one, and
everybody is asked anew before their diary goes on. Nothing is written over: each answer is a row.
"""

from datetime import datetime

from django import forms
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Consent, Diary, User

VERSION = 1
WORDS = (
    _(
        "What you write here is data about your health: twitches and where they were, sleep, "
        "caffeine, drinks, stress, medicines, answers to questions, and your own words."
    ),
    _(
        "It is kept on this server to show it to you, to count it and to compare your days. "
        "It is used for nothing else and sent nowhere."
    ),
    _(
        "No other person with an account sees it. Who you send a link or a file to sees that. "
        "Whoever runs this server can reach its disk."
    ),
    _(
        "You can take this back at any time in Settings. Your account is then deleted after "
        "14 days, and you can take everything with you before."
    ),
)
AGREE = _("I agree that this server keeps the health data that I write in my diary.")


class VersionBox(forms.CheckboxInput):
    """A box whose value is the version that was read: one of older words is not ticked."""

    def __init__(self) -> None:
        super().__init__(attrs={"value": VERSION})

    def value_from_datadict(self, data: object, files: object, name: str) -> bool:
        """Whether it was ticked under the words of now."""
        return bool(data.get(name) == str(VERSION))  # type: ignore[attr-defined]


class ConsentField(forms.BooleanField):
    """A box that is never ticked beforehand, and without which nothing is kept."""

    widget = VersionBox

    def __init__(self) -> None:
        super().__init__(
            label=AGREE,
            error_messages={
                "required": _("Tick the box if you agree. Without that no diary can be kept.")
            },
        )


class ConsentForm(forms.Form):
    """The one question."""

    use_required_attribute = False
    consent = ConsentField()

    @property
    def words(self) -> tuple[object, ...]:
        """What is agreed to."""
        return WORDS


def question(diary: Diary) -> ConsentForm | None:
    """What has to be asked before this diary goes on; None when it may."""
    return None if holds(diary) else ConsentForm()


def holds(diary: Diary) -> bool:
    """Whether this diary may be kept. The days of a sample are nobody's."""
    return diary.is_sample or diary.agreed_to == VERSION


@transaction.atomic
def give(owner: User, now: datetime) -> None:
    """Note that this person agreed to the words of now. Twice is once."""
    if Diary.objects.of(owner).exclude(agreed_to=VERSION).update(agreed_to=VERSION):
        _note(owner, VERSION, True, now)


@transaction.atomic
def withdraw(owner: User, now: datetime) -> None:
    """Note that this person took it back. Twice is once."""
    version = Diary.objects.values_list("agreed_to", flat=True).get(owner=owner)
    if Diary.objects.of(owner).filter(agreed_to=version).exclude(agreed_to=0).update(agreed_to=0):
        _note(owner, version, False, now)


def _note(owner: User, version: int, given: bool, now: datetime) -> None:
    language = get_language() or ""
    Consent.objects.create(
        owner=owner, version=version, given=given, language=language, said_at=now
    )
