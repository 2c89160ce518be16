"""What is stored. Saved through `recording` alone; whole files come in through `imports`."""

from .batch import BATCH_TRIES, Batch, Piece
from .check import Check
from .consent import Consent
from .day import Break, Day, Overall
from .experiment import Experiment
from .medicine import Medicine
from .note import STAGED, Twitch
from .owner import Diary, Theme, User
from .rows import KEEP_REMOVED, NAME_AT_MOST, WORDS_AT_MOST, OwnedQuerySet, as_columns

__all__ = [
    "BATCH_TRIES",
    "KEEP_REMOVED",
    "NAME_AT_MOST",
    "STAGED",
    "WORDS_AT_MOST",
    "Batch",
    "Break",
    "Check",
    "Consent",
    "Day",
    "Diary",
    "Experiment",
    "Medicine",
    "Overall",
    "OwnedQuerySet",
    "Piece",
    "Theme",
    "Twitch",
    "User",
    "as_columns",
]
