"""The benchmark measures the product as it is: a page that is gone, or refuses, is no measure."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_page_and_save_can_be_measured_beside_its_floor(tmp_path):
    out = tmp_path / "measures.json"
    asked = ["--sizes", "800", "900", "--rounds", "1", "--json", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads(out.read_text())
    assert {line["twitches"] for line in measured} == {800, 900}
    assert all(line["cpu_ms"] > 0 and line["ratio"] > 0 for line in measured)
    assert {"Today", "Diary", "a stored week", "save a note"} <= {line["what"] for line in measured}
