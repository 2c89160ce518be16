"""Getting the environment ready, on a machine that may have nothing that fits."""

import ast
import subprocess
import sys

import pytest

from config import bootstrap
from tests.conftest import ROOT

START = """
import sys
from config import bootstrap
bootstrap.VENV = sys.argv[1]
bootstrap.STAMP = sys.argv[1] + "/stamp"
bootstrap.OLDEST = {oldest}
bootstrap.enter(["manage.py", "up"])
print("inside")
"""


def start(folder, oldest, **environment):
    """Begin as the command does, with an environment of its own and only this Python around."""
    return subprocess.run(
        [sys.executable, "-c", START.format(oldest=oldest), str(folder)],
        cwd=ROOT,
        env={"PATH": "", "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("file", ["manage.py", "config/bootstrap.py"])
def test_an_old_python_can_read_what_looks_for_a_newer_one(file):
    assert ast.parse((ROOT / file).read_text(), feature_version=(3, 6))


def test_without_a_python_that_fits_it_says_so_in_one_sentence(tmp_path):
    (tmp_path / "left over").mkdir()
    refused = start(tmp_path, oldest=(99, 0))
    assert refused.returncode == 1
    assert refused.stderr.strip() == bootstrap.NO_PYTHON
    assert "Traceback" not in refused.stdout + refused.stderr


def test_a_container_that_brings_its_own_environment_is_left_alone(tmp_path):
    went_on = start(tmp_path, oldest=(3, 12), EBB_NO_BOOTSTRAP="1")
    assert went_on.stdout == "inside\n"


def test_the_longer_list_holds_everything_of_the_shorter_one():
    def pins(lock):
        lines = (ROOT / lock).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line and not line.startswith(" ")}

    shorter, longer = map(pins, bootstrap.LOCKS)
    assert shorter <= longer
    assert pins("requirements.txt") <= pins("requirements-production.txt")


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_every_package_is_pinned_by_hash_and_no_host_is_named(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    for entry in text.replace("\\\n", " ").splitlines():
        assert "==" in entry
        assert "--hash=sha256:" in entry
