"""What a person wrote is in no log line."""

import io
import logging
import re

from django.db import IntegrityError, connection, transaction

from config.logs import WithoutTheirWords

WRITTEN = "my calf twitches"


def test_a_fault_is_logged_with_its_place_and_kind_and_without_its_text(db):
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(WithoutTheirWords("{message}", style="{"))
    log = logging.getLogger("tests.of.logs")
    log.addHandler(handler)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO diary_user (email) VALUES (%s)", [WRITTEN])
    except IntegrityError as fault:
        try:
            raise ValueError(WRITTEN) from fault
        except ValueError:
            log.exception("not saved")
    finally:
        log.removeHandler(handler)
    said, end = handler.stream.getvalue().split("\n")  # one line, which a machine can read
    assert end == ""
    what, where, kind, *cause = said.split(" | ")
    assert what == "not saved"
    assert re.fullmatch(r".*test_logs\.py:[0-9]+ test_a_fault_is_logged_with_\w+", where)
    assert kind == "builtins.ValueError"
    assert any("IntegrityError" in call for call in cause)
    assert WRITTEN not in said


def test_a_line_has_its_time_in_utc_how_grave_it_is_and_who_says_it(settings):
    line = settings.LOGGING["formatters"]["line"]
    written = WithoutTheirWords(line["format"], style=line["style"])
    record = logging.LogRecord("config.sign_ins", logging.WARNING, "", 0, "refused", (), None)
    record.created, record.msecs = 1_795_000_000.25, 250
    assert written.format(record) == "2026-11-18T11:06:40.250Z WARNING config.sign_ins refused"


def test_a_line_of_the_log_can_not_be_forged_by_an_address(client, db, caplog):
    client.get("/no-such-page%0A2026-11-18 INFO config.sign_ins signed in: account 1")
    assert caplog.records
    assert not [record for record in caplog.records if "\n" in record.getMessage()]
