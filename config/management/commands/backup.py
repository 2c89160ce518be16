"""Copies everything that Ebb keeps into one file, while it runs, and checks the copy."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from config import backups


class Command(BaseCommand):
    """Writes the copy, or says in one sentence why not."""

    help = __doc__
    requires_system_checks = ()  # some ask the database, which may be broken

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument(
            "file", nargs="?", type=Path, help="default: backups/ in the data folder, by time"
        )

    def handle(self, **options: Any) -> None:
        """Say what the copy holds, and what it does not."""
        ending = "sqlite3" if connection.vendor == "sqlite" else "dump"
        usual = f"backups/ebb-{datetime.now(UTC):%Y%m%d-%H%M%S}.{ending}"
        file = options["file"] or Path(settings.DATA_DIR, usual)
        try:
            held = backups.write(file.absolute())
        except (backups.Refusal, DatabaseError) as refusal:
            raise CommandError(str(refusal).strip()) from None
        self.stdout.write(f"{file}: {held}, checked.")
        self.stdout.write(
            "Not in it: the secret key and the settings. Without the key everybody signs in again "
            "and sets codes of an app up anew; nothing else is lost."
        )
