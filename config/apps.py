"""What is set up once, when a process starts."""

from django.apps import AppConfig


class Config(AppConfig):
    """The frame that diary and insights stand in."""

    name = "config"

    def ready(self) -> None:
        """Register the checks, have sign-ins written down, begin the clock of a session."""
        from . import checks, sessions, sign_ins, words  # noqa: F401 - importing registers

        sign_ins.write_down()
        sessions.begin_with_signing_in()
        words.ask_no_empty_catalogues()
