"""Every address: the diary, what is learned from it, and accounts."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process serves and has its database; 503 without it, by middleware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", include("diary.urls")),
    path("", include("insights.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("healthz", healthz, name="healthz"),
]
