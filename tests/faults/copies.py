"""Copies made while people write, and one put back: `python -m tests.faults.copies --copies 50`."""

import argparse
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import UUID

from tests import postgres
from tests.conftest import ROOT
from tests.faults.product import KEY, OneMachine, Servers
from tests.faults.writers import Writer

FILL = """
from datetime import timedelta
from uuid import uuid4
from django.utils.timezone import now
from diary.models import Twitch, User
moment = now()
for number in range({people}):
    owner = User.objects.create_user(f"drill{{number}}@example.org")
    days = [moment - timedelta(hours=3 * note) for note in range({notes})]
    Twitch.objects.bulk_create(
        Twitch(
            owner=owner, uuid=uuid4(), group=uuid4(), place="calf-l", started_at=day, zone="UTC",
            day=day.date(), duration="seconds", words=f"note of {{number}}", created_at=moment,
        )
        for day in days
    )
"""
# What stands in each person's diary, as one number for each.
EACH = """
from hashlib import sha256
from diary.models import Twitch, User
for owner in User.objects.order_by("pk"):
    rows = Twitch.objects.filter(owner=owner).order_by("pk").values_list()
    print(owner.pk, sha256(repr(list(rows)).encode()).hexdigest())
"""


def manage(product: OneMachine | Servers, *command: str, data: Path | None = None) -> str:
    """What a command of an operator says; one that fails ends everything."""
    environment = product.environment | {"EBB_DATA": str(data or product.data)}
    if data and not isinstance(product, Servers):
        environment["EBB_SECRET_KEY"] = KEY
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def notes_in(copy: Path) -> set[UUID]:
    """The ids of the notes that a copy holds."""
    if copy.read_bytes()[:5] != b"PGDMP":
        with closing(sqlite3.connect(copy)) as database:
            rows = database.execute("SELECT uuid FROM diary_twitch").fetchall()
            return {UUID(uuid) for (uuid,) in rows}
    folder = postgres.programs()
    assert folder
    told = [
        str(folder / "pg_restore"),
        "--data-only",
        "--table=diary_twitch",
        "--file=-",
        str(copy),
    ]
    text = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    columns, rows = re.findall(r"^COPY \S+ \((.*)\) FROM stdin;\n(.*?)\\\.$", text, re.M | re.S)[0]
    place = columns.split(", ").index("uuid")
    return {UUID(row.split("\t")[place]) for row in rows.splitlines()}


def exact(product: OneMachine | Servers, copies: int, people: int = 3) -> int:
    """How many of so many copies, made while people write, are one moment of every diary.

    Each person writes one thing after the other. So a copy is exact when it holds of each of them
    the first few, and at least what was acknowledged before it was begun.
    """
    over = False
    writers = [Writer(product.url, f"copied{n}", "copies", lambda: over) for n in range(people)]
    for writer in writers:
        writer.start()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(copies):
            before = [len(writer.ledger.notes) for writer in writers]
            file = Path(folder, f"{number}")
            manage(product, "backup", str(file))
            found.append((before, notes_in(file)))
            file.unlink()
    over = True
    for writer in writers:
        writer.join(60)
    ledgers = [list(writer.ledger.notes) for writer in writers]
    return sum(_is_one_moment(held, before, ledgers) for before, held in found)


def _is_one_moment(held: set[UUID], before: list[int], ledgers: list[list[UUID]]) -> bool:
    parts = [[uuid for uuid in ledger if uuid in held] for ledger in ledgers]
    return all(
        part == ledger[: len(part)] and len(part) >= least
        for part, ledger, least in zip(parts, ledgers, before, strict=True)
    )


def drill(product: OneMachine | Servers, people: int, notes: int) -> str:
    """Put a copy of so many diaries back, and say how long both took."""
    manage(product, "shell", "--no-imports", "-c", FILL.format(people=people, notes=notes))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ended:
        file, data = Path(folder, "copy"), Path(folder, "data")
        data.mkdir()
        began = time.monotonic()
        manage(product, "backup", str(file))
        copied = time.monotonic()
        before = manage(product, "shell", "--no-imports", "-c", EACH)
        if isinstance(product, Servers):
            product.environment["EBB_DATABASE_URL"] = ended.enter_context(postgres.cluster())
        asked = time.monotonic()
        manage(product, "restore", str(file), data=data)
        back = time.monotonic()
        after = manage(product, "shell", "--no-imports", "-c", EACH, data=data)
    same = before == after and before.count("\n") >= people
    return (
        f"{people * notes} notes of {people} people: copied in {copied - began:.1f} s, put back in "
        f"{back - asked:.1f} s, every diary {'the same' if same else 'NOT THE SAME'}"
    )


def main() -> None:
    """Say how many copies were exact, and how long putting one back took."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.copies", description=__doc__)
    parser.add_argument("--copies", type=int, default=50)
    parser.add_argument("--people", type=int, default=100, help="of the one that is put back")
    parser.add_argument("--notes", type=int, default=1000, help="of each of them")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    product = OneMachine() if asked.database == "sqlite" else Servers()
    try:
        print(f"{exact(product, asked.copies)} of {asked.copies} copies exact", flush=True)
        print(drill(product, asked.people, asked.notes))
    finally:
        product.end()


if __name__ == "__main__":
    main()
