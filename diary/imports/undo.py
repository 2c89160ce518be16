"""A file that was taken in, out again: what it brought goes, what was changed since stays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import F

from .. import recording
from ..exports.more import more_tables
from ..models import Batch, Break, Check, Day, Diary, Medicine, Twitch, User, as_columns
from .load import AT_ONCE, FILLED


@transaction.atomic
def undo(batch: Batch, now: datetime) -> int:
    """Take out what came with a file; what was changed since stays. Undone twice is once.

    Returns how many entries stay. Raises recording.ReadOnly.
    """
    owner = batch.owner
    recording.hold(owner, now)
    taken = Batch.objects.of(owner).filter(pk=batch.pk, state=Batch.State.TAKEN)
    if not taken.update(state=Batch.State.UNDONE, undone_at=now):
        return 0
    for model in (Twitch, Medicine):
        came = model._default_manager.filter(owner=owner, batch=batch)
        came.exclude(removed_at=None, version__gt=1).delete()
    Day.objects.of(owner).filter(batch=batch, version=1).delete()
    _take_back(owner, batch.before.get("days", {}))
    Check.objects.filter(owner=owner, batch=batch).delete()
    Break.objects.of(owner).filter(batch=batch).delete()
    for day in batch.before.get("lifted", ()):
        left = Twitch.objects.of(owner).twitches().filter(day=day)
        if not left.exists():
            Day.objects.of(owner).filter(day=day).update(clear=True, version=F("version") + 1)
        elif heir := Batch.objects.of(owner).filter(pk__in=left.values("batch")).first():
            # Undone last, that file leaves the day as it was before both.
            heir.before.setdefault("lifted", []).append(day)
            heir.save(update_fields=["before"])
    stay = sum(
        model._default_manager.filter(owner=owner, batch=batch).count()
        for model in (Twitch, Day, Medicine)
    )
    for key, made in batch.before.get("more", {}).items():
        if owned := more_tables()[key].owned:
            owned.unload(owner, made)
    _set_back(owner, batch.before.get("settings", {}), factors=not stay)
    return stay


def _take_back(owner: User, days: Mapping[str, Mapping[str, Any]]) -> None:
    """Take out of each day what a file brought, unless it was changed since.

    A day that only files wrote goes when nothing is left in it.
    """
    for some in batched(days, AT_ONCE):
        rows = list(Day.objects.of(owner).filter(day__in=some))
        for row in rows:
            _empty_again(row, days[row.day.isoformat()])
        blank = {row.pk for row in rows if row.batch_id and not (row.is_written or row.overall)}
        Day.objects.of(owner).filter(pk__in=blank).delete()
        Day.objects.bulk_update([row for row in rows if row.pk not in blank], FILLED)
    _forget_lifted(owner, {day for day, said in days.items() if said.get("clear")})


def _empty_again(row: Day, brought: Mapping[str, Any]) -> None:
    stands = row.stored_factors()
    values = {
        column: None
        for column, value in brought.items()
        if column not in ("words", "overall", "caffeine_at", "clear")
        and stands.get(column) == value
    }
    for column, value in as_columns(values, row.more).items():
        setattr(row, column, value)
    for name in ("words", "overall", "caffeine_at"):
        if getattr(row, name) == brought.get(name):
            setattr(row, name, "")
    if brought.get("clear"):
        row.clear = row.added_later = False
    row.version += 1


def _forget_lifted(owner: User, days: Collection[str]) -> None:
    """A mark that is taken back does not come again when the notes that lifted it are undone."""
    for batch in Batch.objects.of(owner).filter(state=Batch.State.TAKEN):
        lifted = batch.before.get("lifted", [])
        kept = [day for day in lifted if day not in days]
        if kept != lifted:
            batch.before["lifted"] = kept
            batch.save(update_fields=["before"])


def _set_back(owner: User, settings: Mapping[str, Sequence[Any]], *, factors: bool) -> None:
    """Set settings back to what they were, unless they were changed since.

    The further factors stay when something stays that may need them.
    """
    diary = Diary.objects.get(owner=owner)
    back = {
        key: was
        for key, (was, became) in settings.items()
        if getattr(diary, key) == became and (factors or key != "more_factors")
    }
    if back:
        Diary.objects.of(owner).update(**back)
