"""What is done before each start."""

import json
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils.timezone import now

from diary.models import Batch, Diary
from insights.models import ReportFile
from tests.test_access import written

__all__ = ["written"]


def test_work_that_a_killed_worker_had_taken_is_free_again_at_once(written, bob):
    later = now() + timedelta(minutes=3)
    claimed = (Diary, Batch, ReportFile)
    for model in claimed:
        assert model.objects.update(claimed_until=later)
    call_command("prepare")
    for model in claimed:  # a worker may be at it
        assert not model.objects.exclude(claimed_until=later).exists()
    call_command("prepare", nobody_else_works=True)
    for model in claimed:
        assert not model.objects.exclude(claimed_until=None).exists()


def test_static_files_are_collected_again_only_when_they_have_changed(db):
    call_command("prepare")
    copy = settings.STATIC_ROOT / "css" / "tokens.css"
    before = copy.stat().st_mtime_ns
    copy.write_text("kept")
    call_command("prepare")
    assert copy.read_text() == "kept"
    (settings.STATIC_ROOT / "collected").write_text("another state")
    call_command("prepare")
    assert copy.read_text() != "kept"
    assert copy.stat().st_mtime_ns != before


def test_files_that_no_page_names_are_not_collected_and_others_kept_for_ever(db, client, settings):
    settings.STORAGES = {"staticfiles": {"BACKEND": "config.statics.GzipManifestStorage"}}
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    named = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
    assert {"css/tokens.css", "django_htmx/htmx-2.min.js"} <= named.keys()
    for file in named.values():
        answer = client.get(f"/static/{file}")
        answer.close()
        assert answer.status_code == 200, file
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable", file
    assert not (settings.STATIC_ROOT / "django_htmx" / "ext").exists()
    manifest = client.get("/static/staticfiles.json")
    manifest.close()
    assert "immutable" not in manifest["Cache-Control"]
