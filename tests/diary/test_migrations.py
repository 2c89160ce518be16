"""What an upgrade does to a diary that is in use."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = ("diary", "0016_reminders"), ("diary", "0017_files_of_imports_in_pieces")


def to(target):
    """The models as they were at this migration, with the tables to match."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def newest():
    """The tables as they are now, whatever a test leaves."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("newest")
def test_a_file_that_waits_is_in_pieces_afterwards(alice):
    file = bytes(range(256)) * 10_000
    waits = to(BEFORE).get_model("diary", "Batch").objects
    for number, data in enumerate((file, None)):
        batch = {"uuid": f"{number:032x}", "name": "a.zip", "created_at": now()}
        waits.create(owner_id=alice.pk, file=data, **batch)
    pieces = to(AFTER).get_model("diary", "Piece").objects.order_by("number")
    assert [piece.batch.uuid.int for piece in pieces] == [0, 0, 0]
    assert b"".join(bytes(piece.data) for piece in pieces) == file
