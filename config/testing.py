"""`manage.py test`: pytest, and a plain list of what this machine could not run."""

import os
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Pass the arguments on to pytest. Returns its exit code."""
    import pytest

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    return int(pytest.main(list(arguments)))
