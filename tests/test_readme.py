"""What the README says is so."""

import re
from pathlib import Path

from config.env import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def test_every_setting_is_in_the_readme_with_its_default_and_meaning():
    listed = {
        name: (default, meaning)
        for name, default, meaning in re.findall(
            r"^\| `(EBB_\w+)` \| (.*?) \| (.*) \|$", README, re.M
        )
    }
    assert set(listed) == set(VARIABLES)
    for variable in VARIABLES.values():
        default, meaning = listed[variable.name]
        assert meaning == variable.meaning
        if variable.default:
            assert default == f"`{variable.default}`"


def test_no_other_variable_of_ours_is_read_from_the_environment():
    read = {
        name
        for folder in ("config", "diary", "insights")
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\"(EBB_[A-Z_]+)\"", file.read_text())
    }
    assert {name.removesuffix("_FILE") for name in read} - set(VARIABLES) - {"EBB_"} == set()


def test_every_path_it_names_exists():
    named = re.findall(
        r"`((?:diary|insights|config|tests|docs|static|templates)/[\w./-]*)`", README
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_its_four_pictures_are_there_and_light():
    pictures = re.findall(r'src="(docs/[\w-]+\.png)"', README)
    assert len(pictures) == 4
    for picture in pictures:
        assert (ROOT / picture).stat().st_size <= 150_000, picture
