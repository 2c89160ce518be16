"""The product's pages, and beside them the floor: the same middleware and no more."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from config.http import Request
from config.urls import urlpatterns as product
from diary.models import Twitch

KILOBYTE = b"x" * 1024
SAME_BYTES = settings.DATA_DIR / "same-bytes"


def bare(request: HttpRequest) -> HttpResponse:
    """A kilobyte for somebody who is signed in."""
    assert request.user.is_authenticated
    return HttpResponse(KILOBYTE)


def bare_same(request: HttpRequest) -> HttpResponse:
    """The bytes of a page of the product, as they were written down for this."""
    assert request.user.is_authenticated
    return HttpResponse(SAME_BYTES.read_bytes())


@require_POST
def bare_insert(request: Request) -> HttpResponse:
    """One row, without a form, a rule or a word."""
    now = timezone.now()
    Twitch.objects.create(
        owner=request.user,
        uuid=uuid4(),
        group=uuid4(),
        place="calf-l",
        started_at=now,
        zone="UTC",
        day=now.date(),
        duration="seconds",
        created_at=now,
    )
    return HttpResponse(status=204)


urlpatterns = [
    path("bare/", bare),
    path("bare/same/", bare_same),
    path("bare/insert/", bare_insert),
    *product,
]
