"""The product's settings, with a worker that has seconds, not minutes, to show that it works."""

from config import alive
from config.settings import *  # noqa: F403

alive.SILENT_AT_MOST, alive.LOOKED_EVERY = 2.0, 0.2
