"""What a worker does with a file that was brought: read it over, and take it in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import batched, islice
from math import inf
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config import alive

from .. import recording
from ..models import NAME_AT_MOST, Batch, Diary, Piece, User
from .formats import Ask, answers_of, read, source_of
from .load import AT_ONCE, Loading, Overtaken, load
from .rows import (
    BadLine,
    BreakRow,
    CheckRow,
    DayRow,
    MedicineRow,
    MoreRow,
    NoteRow,
    Refused,
    Row,
    SettingsRow,
    Target,
)

PIECE = 1_000_000  # bytes
PROBLEMS_SHOWN = 50
SHOWN = 6  # notes, and days
KEPT_FOR = timedelta(days=1)  # until it is taken in
HELD_FOR = timedelta(minutes=2)  # without a sign of the worker that has it
TOLD_EVERY = 1.0  # seconds
KINDS = {
    NoteRow: "notes",
    DayRow: "days",
    CheckRow: "checks",
    MedicineRow: "medicines",
    BreakRow: "breaks",
    SettingsRow: "settings",
    MoreRow: "more",
}


@transaction.atomic
def ask(owner: User, form: UUID, name: str, file: Iterable[bytes], now: datetime) -> None:
    """Keep a file until a worker has read it; a form sent twice is once. Raises ReadOnly.

    A file that was brought before and not taken in makes room.
    """
    if Diary.objects.of(owner).filter(is_sample=True).exists():
        raise recording.ReadOnly
    Batch.objects.of(owner).exclude(uuid=form).unfinished().discard()
    batch, is_new = Batch.objects.get_or_create(
        owner=owner, uuid=form, defaults={"name": name[:NAME_AT_MOST], "created_at": now}
    )
    for number, data in enumerate(file if is_new else ()):
        Piece.objects.create(batch=batch, number=number, data=data)


def answer(batch: Batch, about: str, said: Any) -> None:
    """Keep what the person says of their file; a worker reads on with it."""
    if batch.asks.get("about") == about:
        _again(batch, Batch.State.ASKING, batch.answers | {about: said})


def reconsider(batch: Batch) -> None:
    """Ask everything about a file anew; what was said is offered again."""
    if batch.answers:
        _again(batch, Batch.State.READ, {"earlier": batch.answers})


def said_before(batch: Batch, about: str) -> Any:
    """What was answered earlier: of this file, else of the last one that its app made; or None."""
    if said := batch.answers.get("earlier", {}).get(about):
        return said
    same = Batch.objects.of(batch.owner).filter(source=batch.source, state=Batch.State.TAKEN)
    last = same.order_by("-taken_at").first()
    return last and last.answers.get(about)


def want(batch: Batch) -> None:
    """Say that a file that was read is to be taken in; the sweep hands it to a worker."""
    Batch.objects.of(batch.owner).filter(pk=batch.pk, state=Batch.State.READ).update(
        state=Batch.State.WANTED, tries=0, progress=0, claimed_until=None
    )


def forget(now: datetime) -> None:
    """Forget the files that nobody took in for a day."""
    Batch.objects.unfinished().filter(created_at__lt=now - KEPT_FOR).discard()


def work_on(pk: int, now: datetime) -> None:
    """Do what a batch waits for. May run twice; only the newest run changes anything."""
    batch = Batch.objects.select_related("owner").filter(pk=pk).first()
    if batch is None:
        return
    try:
        if batch.state == Batch.State.ASKED:
            _look(batch, now)
        elif batch.state == Batch.State.WANTED:
            how_many = sum(batch.counts.get(kind, 0) for kind in KINDS.values())
            claim = Claim(batch)
            load(batch, claim.told(_good(batch, now), how_many), now, claim.hold)
    except Refused as fault:
        _refuse(batch, str(fault))
    except Overtaken:
        # If it is still this one's: the next try begins anew.
        _mine(batch).update(claimed_until=None)


def _look(batch: Batch, now: datetime) -> None:
    """Read the whole file over, so that the person sees what would come of it."""
    counts: Counter[str] = Counter()
    problems: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    days: list[dict[str, Any]] = []
    foreseen = Loading(batch)
    try:
        lines = sum(data.count(b"\n") for data in _pieces(batch))
        for some in batched(Claim(batch).told(_rows(batch, now), lines), AT_ONCE):
            bad = [row for row in some if isinstance(row, BadLine)]
            good = [row for row in some if not isinstance(row, BadLine)]
            counts.update(["left_out"] * len(bad), **Counter(KINDS[type(row)] for row in good))
            foreseen.foresee(good)
            problems += [
                {"file": row.file, "line": row.line, "reason": row.reason[:200]}
                for row in bad[: PROBLEMS_SHOWN - len(problems)]
            ]
            for kind, so_far in ((NoteRow, notes), (DayRow, days)):
                more = (_shown(row) for row in good if isinstance(row, kind))
                so_far += islice(more, SHOWN - len(so_far))
    except Ask as question:
        asks = {"about": question.about, **question.shown}
        _mine(batch).update(state=Batch.State.ASKING, asks=asks, tries=0, claimed_until=None)
        return
    _mine(batch).update(
        state=Batch.State.READ,
        counts=dict(counts) | foreseen.counts,
        problems=problems,
        shown=notes + days,
        progress=100,
        tries=0,
        claimed_until=None,
    )


@transaction.atomic
def _refuse(batch: Batch, why: str) -> None:
    if _mine(batch).update(state=Batch.State.REFUSED, refusal=why[:300]):
        batch.pieces.all().delete()


def _pieces(batch: Batch) -> Iterator[bytes]:
    """The parts of the file in their order, one at a time."""
    ordered = batch.pieces.order_by("number").values_list("data", flat=True)
    yield from map(bytes, ordered.iterator(chunk_size=1))


@contextmanager
def _file(batch: Batch) -> Iterator[IO[bytes]]:
    """The file in one piece: on disk and without a name, so that no other process finds it."""
    with TemporaryFile() as whole:
        whole.writelines(_pieces(batch))
        yield whole


def _rows(batch: Batch, now: datetime) -> Iterator[Row | BadLine]:
    answers = answers_of({key: said for key, said in batch.answers.items() if key != "earlier"})
    with _file(batch) as file:
        if not batch.source:
            source = source_of(file, answers.encoding)
            _mine(batch).update(source=source)
        target = target_of(Diary.objects.get(owner=batch.owner), now)
        yield from read(file, batch.name, answers, target)


def _good(batch: Batch, now: datetime) -> Iterator[Row]:
    for row in _rows(batch, now):
        if not isinstance(row, BadLine):
            yield row


class Claim:
    """What a worker has of a batch, until another one takes it over.

    A sign of life is a write of its own, so it is given once in a while. In between the row is
    only looked at, and locked until the transaction ends.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch, self._last = batch, -inf

    def told[T](self, rows: Iterator[T], how_many: int) -> Iterator[T]:
        """The same rows; the page is told how far they are, of about so many."""
        for number, row in enumerate(rows, 1):
            yield row
            if self._is_silent:
                self._tell(progress=min(99, 100 * number // max(1, how_many)))

    def hold(self) -> None:
        """Make sure, inside a transaction, that it is this worker's. Raises Overtaken."""
        if self._is_silent:
            self._tell()
        elif not _mine(self._batch).select_for_update().values("pk"):
            raise Overtaken

    @property
    def _is_silent(self) -> bool:
        return monotonic() - self._last > TOLD_EVERY

    def _tell(self, **changes: Any) -> None:
        if not _mine(self._batch).update(claimed_until=timezone.now() + HELD_FOR, **changes):
            raise Overtaken
        alive.tell("worker")  # a task that takes minutes is none that hangs
        self._last = monotonic()


def _mine(batch: Batch) -> Any:
    """The batch as this worker found it: the count of tries tells its run from any other."""
    return Batch.objects.filter(pk=batch.pk, state=batch.state, tries=batch.tries)


def _again(batch: Batch, state: str, answers: Mapping[str, Any]) -> None:
    Batch.objects.of(batch.owner).filter(pk=batch.pk, state=state).update(
        state=Batch.State.ASKED,
        answers=answers,
        asks={},
        tries=0,
        progress=0,
        claimed_until=None,
    )


def target_of(diary: Diary, now: datetime) -> Target:
    """What a reader must know of this diary."""
    return Target(
        diary.zone,
        diary.day_start_hour,
        diary.today(now),
        diary.glass_ml,
        tuple(diary.more_factors),
        now,
        diary.every_drink,
    )


def _shown(row: NoteRow | DayRow) -> dict[str, Any]:
    """A row as the preview draws it."""
    if isinstance(row, NoteRow):
        start = row.started_at.isoformat() if row.started_at else ""
        about = {"place": row.place, "kind": row.kind, "started_at": start, "zone": row.zone}
        return {"day": row.day.isoformat(), "words": row.words, **about}
    return {
        "day": row.day.isoformat(),
        "words": row.words,
        "clear": row.clear,
        "values": dict(row.values),
    }
