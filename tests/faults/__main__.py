"""The long form: `python -m tests.faults --kills 100 --writes 10000 --database sqlite`."""

import argparse
import secrets
import sys

from tests.faults.product import OneMachine, Servers
from tests.faults.storm import blow_up


def main() -> int:
    """Run one storm and say what came of it. Returns 1 when a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--writes", type=int, default=10_000, help="acknowledged ones")
    parser.add_argument("--people", type=int, default=6, help="who write at the same time")
    parser.add_argument("--crowd", type=int, default=500, help="diaries that wait beside theirs")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="of an earlier run, again")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    product = OneMachine() if asked.database == "sqlite" else Servers()
    if asked.database == "sqlite" and not product.has_disk:
        print("The disk is not filled: no small one may be mounted here.")
    try:
        report = blow_up(
            product,
            asked.seed,
            kills=asked.kills,
            writes=asked.writes,
            people=asked.people,
            crowd=asked.crowd,
            tell=lambda line: print(line, flush=True),
        )
    finally:
        product.end()
    print(report)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
