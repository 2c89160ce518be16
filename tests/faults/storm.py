"""Faults in an order that a seed decides; then what was told is compared with what is there."""

import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tests.conftest import ROOT
from tests.faults.product import BACK_WITHIN, OneMachine, Product, Servers, lives
from tests.faults.writers import Writer

PROGRESS_WITHIN = 150.0  # seconds without any write that was acknowledged
FOLLOWED_WITHIN = 60.0  # seconds after faults and writes are enough, until no diary is stale
EXPECTED = {0, 303, 503}  # no answer, acknowledged, come back in a moment
CROWD = """
from uuid import uuid4
from django.utils.timezone import now
from diary import recording
from diary.models import Diary, User
for number in range({count}):
    owner = User.objects.create_user(f"crowd{{number}}@example.org")
    text = recording.NoteText(recording.When.at(now(), Diary.objects.get(owner=owner)), "seconds")
    recording.note(owner, uuid4(), ["calf-l"], text, now())
"""


@dataclass(frozen=True, slots=True)
class Blow:
    """One fault, when so many writes were acknowledged."""

    after: int
    what: str  # kill, freeze, lock or fill
    roles: tuple[str, ...] = ()
    seconds: float = 0.0


def plan(
    seed: str, roles: Sequence[str], kills: int, writes: int, *, fills: bool = False
) -> list[Blow]:
    """The faults of a run; the same seed gives the same ones."""
    chance = random.Random(seed)
    blows: list[Blow] = []
    left = kills
    others = ["freeze", "lock", "fill"] if fills else ["freeze", "lock"]
    while left:
        after = chance.randrange(writes)
        if chance.random() < 0.2:
            # Now and then longer than a save waits for its turn.
            seconds = chance.choice((1.0, 2.0, 4.0, 22.0 if kills > 50 else 3.0))
            blows.append(Blow(after, chance.choice(others), seconds=seconds))
        hit = tuple(chance.sample(roles, min(left, chance.choice((1, 1, 1, 2, 3)))))
        left -= len(hit)
        blows.append(Blow(after, "kill", hit))
    return sorted(blows, key=lambda blow: blow.after)


@dataclass(slots=True)
class Report:
    """What a run found."""

    seed: str
    acknowledged: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stale: int = 0
    followed_after: float = 0.0
    sound: bool = True
    stuck: bool = False

    @property
    def wrong(self) -> list[str]:
        """What must not be, in words; empty when every promise was kept."""
        found = [f"{len(rows)} {name}" for name, rows in self._rows if rows]
        if self.stale or self.followed_after > FOLLOWED_WITHIN:
            found.append(f"{self.stale} diaries stale after {self.followed_after:.0f} s")
        if strange := {status: n for status, n in self.answers.items() if status not in EXPECTED}:
            found.append(f"unexpected answers {strange}")
        if self.stuck:
            found.append(f"nothing acknowledged for {PROGRESS_WITHIN:g} s")
        if not self.sound:
            found.append("the database is damaged")
        return found

    @property
    def _rows(self) -> tuple[tuple[str, list[str]], ...]:
        return ("acknowledged and lost", self.lost), ("there without being written", self.doubled)

    def __str__(self) -> str:
        kills = sum(n for name, n in self.faults.items() if name.startswith("kill"))
        faults = ", ".join(f"{name} {n}" for name, n in sorted(self.faults.items()))
        return (
            f"seed {self.seed}: {self.acknowledged} acknowledged writes, {kills} kills "
            f"({faults}) in {self.seconds:.0f} s; answers {dict(self.answers)}; half of the "
            f"acknowledged ones within {1e3 * statistics.median(self.waited):.0f} ms, 99 of 100 "
            f"within {1e3 * statistics.quantiles(self.waited, n=100)[98]:.0f} ms; "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled; every diary followed after "
            f"{self.followed_after:.0f} s, {self.stale} stale. "
            + (f"WRONG: {'; '.join(self.wrong)}" if self.wrong else "As promised.")
        )


def blow_up(
    product: OneMachine | Servers,
    seed: str,
    *,
    kills: int,
    writes: int,
    people: int = 6,
    crowd: int = 0,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Write and hit until both are enough, let it come to rest, and compare."""
    report = Report(seed)
    if crowd:
        command = ["manage.py", "shell", "--no-imports", "-c", CROWD.format(count=crowd)]
        environment = product.environment | {"EBB_DATA": str(product.data)}
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
    began = time.monotonic()
    over = False
    everyone: list[Writer] = []

    def told() -> int:
        return sum(writer.acknowledged for writer in everyone)

    def enough() -> bool:
        return over and told() >= writes

    def silent() -> bool:
        return not any(map(Writer.is_alive, everyone))

    everyone += [Writer(product.url, f"writer{n}", seed, enough) for n in range(people)]
    for writer in everyone:
        writer.start()
    chance = random.Random(f"{seed} order")
    for blow in plan(seed, product.roles, kills, writes, fills=product.has_disk):
        if not _progress(lambda blow=blow: told() >= blow.after, told):  # type: ignore[misc]
            break
        _strike(product, blow, chance, report)
        tell(f"{told():6} acknowledged; {blow.what} {' '.join(blow.roles)}")
    over = True
    report.stuck = not _progress(lambda: enough() or silent(), told)
    ended = time.monotonic()
    report.stuck = report.stuck or not _progress(silent, told)
    for writer in everyone:
        writer.gives_up.set()
        writer.join()
    _wait(product.is_whole, BACK_WITHIN)
    _wait(lambda: _stale(product) == 0, FOLLOWED_WITHIN)
    report.followed_after = time.monotonic() - ended
    report.stale = _stale(product)
    report.seconds = ended - began
    report.acknowledged = told()
    for writer in everyone:
        report.answers += writer.answers
        report.waited += writer.waited
        _compare(product, writer, report)
    if isinstance(product, OneMachine):
        report.sound = product.asked("PRAGMA integrity_check") == [("ok",)]
    return report


def _strike(product: Product, blow: Blow, chance: random.Random, report: Report) -> None:
    if blow.what == "kill":
        for role in blow.roles:
            # What is being started again can't be hit; a kill counts only when it did.
            _wait(lambda role=role: _there(product, role), BACK_WITHIN)  # type: ignore[misc]
            report.faults[f"kill {role}"] += product.hit(role, chance)
        return
    during = {
        "freeze": lambda: product.frozen("broker"),
        "lock": product.locked,
        "fill": product.filled,
    }[blow.what]
    with during():
        time.sleep(blow.seconds)
    report.faults[blow.what] += 1


def _progress(done: Callable[[], bool], told: Callable[[], int]) -> bool:
    """Wait while anything is acknowledged; False when nothing was for long."""
    last, since = told(), time.monotonic()
    while not done():
        time.sleep(0.02)
        if told() != last:
            last, since = told(), time.monotonic()
        if time.monotonic() - since > PROGRESS_WITHIN:
            return False
    return True


def _there(product: Product, role: str) -> bool:
    pid = product.pid(role)
    return pid is not None and lives(pid)


def _wait(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)


def _stale(product: Product) -> int:
    late = "computed_version < version OR stale_since IS NOT NULL"
    return int(product.asked(f"SELECT count(*) FROM diary_diary WHERE {late}")[0][0])


def _compare(product: Product, writer: Writer, report: Report) -> None:
    """Every form was sent until it was acknowledged: what is there is that, no less and no more."""
    whose = f"JOIN diary_user u ON u.id = owner_id WHERE u.email = '{writer.email}'"
    kept = {
        UUID(str(uuid)): removed is not None
        for uuid, removed in product.asked(f"SELECT uuid, removed_at FROM diary_twitch {whose}")
    }
    checks = {UUID(str(uuid)) for (uuid,) in product.asked(f"SELECT uuid FROM diary_check {whose}")}
    told = writer.ledger
    report.lost += [str(uuid) for uuid, gone in told.notes.items() if kept.get(uuid) != gone]
    report.lost += [str(uuid) for uuid in told.checks - checks]
    report.doubled += [str(uuid) for uuid in kept if uuid not in told.notes]
    report.doubled += [str(uuid) for uuid in checks - told.checks]
