"""What a person wrote is in no log line."""

import io
import logging

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
    said = handler.stream.getvalue()
    assert "not saved" in said
    assert "test_a_fault_is_logged" in said
    assert "builtins.ValueError" in said
    assert "IntegrityError" in said
    assert WRITTEN not in said
