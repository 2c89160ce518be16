"""Tells whoever found a weakness where to write to, as RFC 9116 has it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

GOOD_FOR = timedelta(days=180)  # its readers ask again; the RFC wants less than a year


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The address that whoever runs this server gave; 404 where they gave none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    languages = ", ".join(code.partition("-")[0] for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(today + GOOD_FOR).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {request.build_absolute_uri(reverse('security-txt'))}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain")
