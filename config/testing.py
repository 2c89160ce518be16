"""`manage.py test`: all tests on SQLite, then those that use the database on PostgreSQL too."""

import os
import subprocess
import sys
from collections.abc import Sequence

NO_TESTS = 5  # pytest's code for: nothing was selected
ONLY_ASKED = {"--version", "-h", "--help", "--collect-only", "--co"}


def main(arguments: Sequence[str]) -> int:
    """Pass the arguments on to pytest. Returns 0 when both runs passed.

    With EBB_REQUIRE_ALL=1 nothing may be skipped.
    """
    from tests import postgres

    code = _pytest(arguments)
    if code not in (0, NO_TESTS) or ONLY_ASKED & set(arguments):
        return code
    if not postgres.programs():
        print("Not tested on this machine: PostgreSQL, because it is not installed.")
        return 1 if os.environ.get("EBB_REQUIRE_ALL") == "1" else code
    print("\nOnce more on PostgreSQL: the tests that use the database.", flush=True)
    with postgres.cluster(in_memory=True) as address:
        again = _pytest(arguments, EBB_DATABASE_URL=address)
    return code if again == NO_TESTS else again


def _lanes(arguments: Sequence[str]) -> list[str]:
    """All tests run in three lanes, one of them with all that start real processes.

    Those and what looks through a browser wait for most of their time, and begin first; the others
    fill what is left. A part of the tests, named by a path, runs in one lane.
    """
    is_whole = all(argument.startswith("-") for argument in arguments)
    asked = ONLY_ASKED | {"-n"}
    if not is_whole or asked & set(arguments):
        return []
    return ["-n", "3", "--dist", "loadscope", "--no-loadscope-reorder"]


def _pytest(arguments: Sequence[str], **environment: str) -> int:
    """Run it without this machine's own settings: a test must not meet somebody's diary.

    What Python compiles is kept, though a machine may say no: hundreds of processes start.
    """
    ours = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
        and (not name.startswith("EBB_") or name == "EBB_REQUIRE_ALL")
    }
    return subprocess.call(
        [sys.executable, "-m", "pytest", *_lanes(arguments), *arguments],
        env={**ours, **environment},
    )
