"""What a person wrote is in no log line."""

import contextlib
import io
import json
import logging
import re

import pytest
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse

from config.logs import AsJson, WithoutTheirWords
from diary import reminding
from insights import tasks
from tests.config.test_signed import password_link

WRITTEN = "my calf twitches"


@contextlib.contextmanager
def kept(name):
    """What a log takes down meanwhile, as the product writes it."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(WithoutTheirWords("{message}", style="{"))
    log = logging.getLogger(name)
    log.addHandler(handler)
    try:
        yield handler.stream
    finally:
        log.removeHandler(handler)


def away(*given):
    raise OperationalError


@pytest.mark.parametrize("letter", ["password", "address", "reminders"])
def test_a_link_of_a_letter_that_meets_a_fault_leaves_no_secret_in_the_log(client, alice, letter):
    address, _known = alice.emailaddress_set.update_or_create(email=alice.email, verified=False)
    name, *given = {
        "password": ("reset_password_from_key", user_pk_to_url_str(alice), password_link(alice)),
        "address": ("confirm_email", EmailConfirmationHMAC(address).key),
        "reminders": ("reminders_off", reminding.token(alice)),
    }[letter]
    path = reverse(f"account_{name}", args=given)
    client.raise_request_exception = False
    with kept("django.request") as lines, connection.execute_wrapper(away):
        assert client.get(path).status_code == 503
    said = lines.getvalue()
    assert "Service Unavailable: /" in said
    assert given[-1][-10:] not in said


def test_a_fault_is_logged_with_its_place_and_kind_and_without_its_text(db):
    with kept("tests.of.logs") as lines:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("INSERT INTO diary_user (email) VALUES (%s)", [WRITTEN])
        except IntegrityError as fault:
            try:
                raise ValueError(WRITTEN) from fault
            except ValueError:
                logging.getLogger("tests.of.logs").exception("not saved")
    said, end = lines.getvalue().split("\n")  # one line, which a machine can read
    assert end == ""
    what, where, kind, *cause = said.split(" | ")
    assert what == "not saved"
    assert re.fullmatch(r".*test_logs\.py:[0-9]+ test_a_fault_is_logged_with_\w+", where)
    assert kind == "builtins.ValueError"
    assert any("IntegrityError" in call for call in cause)
    assert WRITTEN not in said


def test_the_fault_of_a_task_is_logged_without_its_text_too(db, monkeypatch):
    def falls_over(moment):
        raise ValueError(WRITTEN)

    monkeypatch.setattr(tasks.work, "forget", falls_over)
    with kept("celery.app.trace") as lines:
        tasks.sweep.apply()
    said = lines.getvalue()
    assert said.startswith("Task insights.tasks.sweep[")
    assert "builtins.ValueError" in said
    assert WRITTEN not in said


def test_a_line_has_its_time_in_utc_how_grave_it_is_and_who_says_it(settings):
    line = settings.LOGGING["formatters"]["line"]
    written = WithoutTheirWords(line["format"], style=line["style"])
    record = logging.LogRecord("config.sign_ins", logging.WARNING, "", 0, "refused", (), None)
    record.created, record.msecs = 1_795_000_000.25, 250
    assert written.format(record) == "2026-11-18T11:06:40.250Z WARNING config.sign_ins refused"


def test_the_same_line_can_be_an_object_for_programs():
    record = logging.LogRecord("config.sign_ins", logging.WARNING, "", 0, "a\nb: %s", (1,), None)
    record.created, record.msecs = 1_795_000_000.25, 250
    written = AsJson().format(record)
    assert "\n" not in written
    assert json.loads(written) == {
        "time": "2026-11-18T11:06:40.250Z",
        "level": "WARNING",
        "part": "config.sign_ins",
        "said": "a | b: 1",
    }


def test_a_line_of_the_log_can_not_be_forged_by_an_address(client, db, caplog):
    client.get("/no-such-page%0A2026-11-18 INFO config.sign_ins signed in: account 1")
    assert caplog.records
    assert not [record for record in caplog.records if "\n" in record.getMessage()]
