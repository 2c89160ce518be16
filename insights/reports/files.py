"""Reports as files: asked for, made by a task, kept for a day."""

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override

from diary.models import Diary, User

from ..models import ReportFile
from .making import make
from .report import Asked

KEPT_FOR = timedelta(days=1)
AT_MOST = 10  # of one person; an eleventh takes the place of the oldest


@transaction.atomic
def ask(owner: User, asked: Asked, now: datetime) -> ReportFile:
    """Note that this report is wanted as a file; the sweep hands it to a worker."""
    asked_for = ReportFile.objects.of(owner)
    newest = asked_for.order_by("-expires_at", "-pk").values_list("pk", flat=True)[: AT_MOST - 1]
    asked_for.exclude(pk__in=list(newest)).delete()
    return ReportFile.objects.create(
        owner=owner,
        uuid=uuid4(),
        scope=msgspec.to_builtins(asked),
        language=get_language() or settings.LANGUAGE_CODE,
        expires_at=now + KEPT_FOR,
    )


def make_file(pk: int, now: datetime) -> None:
    """Make one file, unless it is there or its day is over. May run twice."""
    from .pdf import pdf  # loads a library that only a worker needs

    waiting = ReportFile.objects.filter(pk=pk, data=None)
    wanted = waiting.select_related("owner").first()
    if wanted is None:
        return
    diary = Diary.objects.select_related("owner").get(owner=wanted.owner)
    with override(wanted.language):
        asked = msgspec.convert(wanted.scope, Asked)
        made = make(diary, asked, now)
        waiting.update(progress=50)
        data = pdf(made, site=settings.SITE_NAME, language=wanted.language, paper=asked.paper)
    waiting.update(data=data, progress=100, made_at=now)
