"""What is set up once, when a process starts."""

from django.apps import AppConfig


class Config(AppConfig):
    """The frame that diary and insights stand in."""

    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from . import checks  # noqa: F401 - importing registers
