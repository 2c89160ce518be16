"""The product's settings, with the bare views beside its own pages."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
