"""What an upgrade does to a diary that is in use."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from diary.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_diary_from_before_the_first_release_goes_on_with_its_tables(alice):
    ours = [
        (key, migration.replaces)
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if migration.replaces
    ]
    recorder = MigrationRecorder(connection)
    for key, replaced in ours:
        recorder.record_unapplied(*key)
        for one in replaced:
            recorder.record_applied(*one)
    assert len(ours) == 3
    call_command("migrate", verbosity=0)
    assert User.objects.get() == alice
    assert {key for key, _ in ours} <= set(recorder.applied_migrations())
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
