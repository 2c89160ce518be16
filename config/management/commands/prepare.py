"""Makes a set-up ready to serve: tables, shared counts of sign-ins, static files, the sample."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config import env
from diary.models import Batch, Diary
from insights import sample
from insights.models import ReportFile


class Command(BaseCommand):
    """Safe to run at every start; does only what is not done yet."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one option."""
        parser.add_argument(
            "--nobody-else-works",
            action="store_true",
            help="no worker runs and the queue is empty: what was claimed is free again",
        )

    def handle(self, **options: Any) -> None:
        """Migrate, collect static files when they have changed, make the sample if it opens."""
        call_command("migrate", interactive=False, verbosity=0)
        # A database that does not keep what it acknowledges must not serve. What is only advice
        # is told by `doctor`, not at each start.
        quiet = {"stdout": StringIO(), "stderr": StringIO()}
        call_command("check", "--tag", "database", "--database", "default", **quiet)
        call_command("createcachetable", verbosity=0)
        if options["nobody_else_works"]:
            for claimed in (Diary, Batch, ReportFile):
                claimed.objects.exclude(claimed_until=None).update(claimed_until=None)
        if not env.text("EBB_STATIC"):
            _collect_static_files()
        if settings.OPEN_WITH_SAMPLE:
            sample.ready(timezone.now())


def _collect_static_files() -> None:
    stamp = Path(settings.STATIC_ROOT) / "collected"
    digest = _digest_of_static_files()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest, encoding="ascii")


def _digest_of_static_files() -> str:
    """Changes with any name, size or time of a file, and with any dependency."""
    parts = [Path(settings.BASE_DIR, "requirements.txt").read_bytes()]
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(Path(folder).rglob("*")):
            about = file.stat()
            parts.append(f"{file} {about.st_size} {about.st_mtime_ns}".encode())
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
