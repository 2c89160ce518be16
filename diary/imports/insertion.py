"""Whole rows into a table by statements that are put together once.

Django puts every insertion together anew, which takes several times as long as a database takes to
follow it. Values are made ready a column at a time: asked of its field, each one of them pays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import repeat
from operator import attrgetter
from typing import Any

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, DateTimeField, Field, Model, UUIDField

type Adapter = Callable[[Sequence[Any]], Iterable[Any]]


def moments_as_text(moments: Iterable[datetime | None]) -> Iterator[str | None]:
    """Moments as Django has SQLite keep them, in an eighth of its time."""
    in_utc = [moment and moment.astimezone(UTC) for moment in moments]
    return (text and text[:-1].replace("T", " ") for text in msgspec.to_builtins(in_utc))


class Insertion:
    """An insertion of rows of a model; one whose key is there already is left as it is."""

    def __init__(self, model: type[Model], same: Mapping[str, Any], names: Sequence[str]) -> None:
        """`same` are the values by column that all rows have, `names` the columns of the others.

        Any other column has its default.
        """
        # The connection of this thread itself: asked of Django's stand-in for it, each value pays.
        self._connection = connection = connections[DEFAULT_DB_ALIAS]
        fields = {
            field.attname: field for field in model._meta.concrete_fields if not field.primary_key
        }
        self._fields = {name: fields.pop(name) for name in names}
        self._same = [
            field.get_db_prep_save(same.get(name, field.get_default()), connection)
            for name, field in fields.items()
        ]
        self._is_postgresql = connection.vendor == "postgresql"
        self._adapters = [self._adapter(field) for field in self._fields.values()]
        theirs, others = (
            ", ".join(connection.ops.quote_name(str(field.column)) for field in some)
            for some in (self._fields.values(), fields.values())
        )
        table = connection.ops.quote_name(model._meta.db_table)
        # PostgreSQL takes a copy several times as fast, but leaves no row of one out.
        self._makes_room = f"CREATE TEMP TABLE coming AS SELECT {theirs} FROM {table} WITH NO DATA"
        if self._is_postgresql:
            types = ", ".join(f"%s::{field.db_type(connection)}" for field in fields.values())
            rows = f"SELECT coming.*, {types} FROM coming"
        else:
            rows = f"VALUES ({', '.join(['%s'] * (len(self._fields) + len(fields)))})"
        self._inserts = f"INSERT INTO {table} ({theirs}, {others}) {rows} ON CONFLICT DO NOTHING"

    def adapted(self, name: str, value: Any) -> Any:
        """A value of a column as the database takes it."""
        return self._fields[name].get_db_prep_save(value, self._connection)

    def insert(self, rows: Iterable[Sequence[Any]]) -> int:
        """Write some rows in a transaction, each its values in the order of `names`.

        What is neither a time, a day nor an id has to be as the database takes it. Returns how many
        rows were not there.
        """
        columns = [
            adapt(values) if adapt else values
            for adapt, values in zip(self._adapters, zip(*rows, strict=True), strict=True)
        ]
        with self._connection.cursor() as cursor:
            if not self._is_postgresql:
                same = map(repeat, self._same)
                cursor.executemany(self._inserts, [*zip(*columns, *same, strict=False)])
                return int(cursor.rowcount)
            cursor.execute(self._makes_room)
            with cursor.copy("COPY coming FROM STDIN") as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
            cursor.execute(self._inserts, self._same)
            new = int(cursor.rowcount)
            cursor.execute("DROP TABLE coming")
            return new

    def _adapter(self, field: "Field[Any, Any]") -> Adapter | None:
        """What makes a column of values one that the database takes; None for one that is."""
        if self._is_postgresql:
            return None
        if isinstance(field, DateTimeField):
            return moments_as_text
        if isinstance(field, DateField):
            return partial(map, lru_cache(self._connection.ops.adapt_datefield_value))
        return partial(map, attrgetter("hex")) if isinstance(field, UUIDField) else None
