"""Reads the environment: every variable is named here, once, with what it means.

A value that can't be used stops the start with one plain sentence. Secrets have no default, and
`NAME_FILE` may name a file that holds the value of `NAME`.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; a default of None means that it must be given."""

    name: str
    default: str | None
    meaning: str


VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("EBB_SECRET_KEY", None, "signs sessions; at least 50 random characters"),
        Variable("EBB_DATA", "var", "folder of the database, the broker and the secrets"),
        Variable("EBB_DEBUG", "false", "true shows details of faults; never in public"),
        Variable("EBB_HOSTS", "localhost,127.0.0.1", "host names it answers to, by comma"),
        Variable("EBB_HTTPS", "false", "true when a proxy in front speaks https"),
        Variable("EBB_PROXIES", "0", "how many proxies stand in front"),
        Variable("EBB_DATABASE_URL", "", "postgres://…; empty is SQLite in the data folder"),
        Variable("EBB_BROKER_URL", "", "redis://…; empty is the embedded broker"),
        Variable("EBB_EMAIL_URL", "", "smtp://…; empty: no mail, no e-mail is confirmed"),
        Variable("EBB_EMAIL_FROM", "ebb@localhost", "sender of its mails"),
        Variable("EBB_SIGNUP", "first", "open lets others sign up; first: only the first account"),
        Variable("EBB_SAMPLE", "false", "true opens the sample diary for visitors"),
        Variable("EBB_EMERGENCY_NUMBER", "", "shown on the medical advice page, such as 112"),
        Variable("EBB_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    )
}


def text(name: str) -> str:
    """The value of a variable, from itself or from the file that NAME_FILE names.

    Raises ImproperlyConfigured when it must be given and is not, or the file can't be read.
    """
    variable = VARIABLES[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as refusal:
            raise ImproperlyConfigured(f"{name}_FILE can't be read: {refusal}.") from None
    value = os.environ.get(name, variable.default)
    if value is None:
        value = _made_by_up(name)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set: {variable.meaning}.")
    return value


def flag(name: str) -> bool:
    """A variable that is true or false; anything else is refused."""
    value = text(name).lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def number(name: str) -> int:
    """A variable that is a whole number, 0 or more."""
    value = text(name)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def one_of(name: str, *choices: str) -> str:
    """A variable with a few known values."""
    value = text(name)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def words(name: str) -> list[str]:
    """A variable that lists values by comma."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def _made_by_up(name: str) -> str | None:
    """The secret that the run command made in the data folder, so that other commands work too."""
    made = Path(text("EBB_DATA")) / name.removeprefix("EBB_").lower()
    return made.read_text(encoding="ascii").strip() if made.is_file() else None
