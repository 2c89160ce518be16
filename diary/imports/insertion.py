"""Whole rows into a table by one statement, which is put together once.

Django puts every insertion together anew, which takes several times as long as a database takes to
follow it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, JSONField, Model, UUIDField

# What a database takes otherwise than Python has it; all else it takes as it is.
ADAPTED = (DateField, JSONField, UUIDField)


class Insertion:
    """An insertion of rows of a model; one whose key is there already is left as it is."""

    def __init__(self, model: type[Model], same: Mapping[str, Any]) -> None:
        """`same` are the values by column that all rows have."""
        # The connection of this thread itself: asked of Django's stand-in for it, each value pays.
        self._connection = connection = connections[DEFAULT_DB_ALIAS]
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self._usual = {
            field.attname: field.get_db_prep_save(
                same.get(field.attname, field.get_default()), connection
            )
            for field in fields
        }
        self._adapted = [field for field in fields if isinstance(field, ADAPTED)]
        self._is_postgresql = connection.vendor == "postgresql"
        if self._is_postgresql:  # one value for each column, as many rows as it is long
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            rows = f"SELECT * FROM unnest({arrays})"
        else:
            rows = f"VALUES ({', '.join(['%s'] * len(fields))})"
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        table = connection.ops.quote_name(model._meta.db_table)
        self._sql = f"INSERT INTO {table} ({columns}) {rows} ON CONFLICT DO NOTHING"

    def insert(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Write rows, each its values by column. Returns how many were not there."""
        values = [self._values(row) for row in rows]
        with self._connection.cursor() as cursor:
            if self._is_postgresql:
                cursor.execute(self._sql, [list(column) for column in zip(*values, strict=True)])
            else:
                cursor.executemany(self._sql, values)
            return int(cursor.rowcount)

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        values = {**self._usual, **row}
        for field in self._adapted:
            if (value := row.get(field.attname)) is not None:
                values[field.attname] = field.get_db_prep_save(value, self._connection)
        return list(values.values())
