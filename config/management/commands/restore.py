"""Puts a copy made by `backup` in the place of the database; Ebb must be stopped."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from config import backups, supervisor


class Command(BaseCommand):
    """Restores, or says in one sentence why nothing was changed."""

    help = __doc__
    requires_system_checks = ()  # some ask the database, which may be broken

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to read."""
        parser.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        """Hold the folder as the run command does, so that the two never meet."""
        folder = Path(settings.DATA_DIR)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with supervisor.locked(folder):
                held, kept = backups.restore(options["file"].absolute(), timezone.now())
        except (backups.Refusal, supervisor.Refusal, DatabaseError) as refusal:
            raise CommandError(str(refusal).strip()) from None
        self.stdout.write(f"Restored: {held}.")
        if kept:
            self.stdout.write(f"The database of before is kept: {kept}.")
        self.stdout.write("Everybody signs in again, and every summary is made anew.")
