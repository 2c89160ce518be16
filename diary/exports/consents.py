"""What a person said to the keeping of health data, as a table of the export."""

from collections.abc import Iterator
from datetime import UTC, date

from django.utils.translation import gettext_lazy as _

from ..models import Consent, User
from .csv import Value
from .more import MoreTable
from .rows import Column

COLUMNS = (
    Column(
        "said_at_utc",
        _("when you said it, in UTC"),
        lambda row: row.said_at.astimezone(UTC).isoformat(timespec="seconds"),
    ),
    Column("version", _("which version of the words"), lambda row: row.version),
    Column("said", _("agreed or withdrawn"), lambda row: "agreed" if row.given else "withdrawn"),
    Column("language", _("the language in which you read them"), lambda row: row.language),
)


def consent_rows(owner: User, last: date) -> Iterator[list[Value]]:
    """One row for each answer, oldest first."""
    for row in Consent.objects.of(owner).order_by("pk"):
        yield [column.value(row) for column in COLUMNS]


TABLES = (
    MoreTable(
        "consents",
        _("consent"),
        _(
            "One row for each time you agreed that health data may be kept, or took that back. "
            "It stays with this account: no other diary takes it in."
        ),
        COLUMNS,
        consent_rows,
    ),
)
