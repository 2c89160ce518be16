"""Questions to the database that are put together once, and then asked of one person after another.

The database answers those of a page in a tenth of the time that Django takes to write them down. A
change that every save makes is put together once as well: others wait while it is written down.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.subqueries import UpdateQuery

NONE = timedelta(0)
ROWS_AT_ONCE = 2000


class Given(Expression):
    """A value that is told when the question is asked, or so much `earlier` than it."""

    def __init__(self, name: str, field: "Field[Any, Any]", earlier: timedelta = NONE) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.earlier = earlier

    def __sub__(self, earlier: timedelta) -> "Given":  # type: ignore[override]
        return Given(self.name, self.output_field, self.earlier + earlier)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A place for the value."""
        return "%s", (self,)

    def of(self, values: dict[str, Any]) -> Any:
        """The value as the database takes it."""
        value = values[self.name]
        value = value - self.earlier if self.earlier else value
        return self.output_field.get_db_prep_value(value, connection)


class Question:
    """Rows of values, as a queryset of `values_list` has them, in which `Given` stand."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        # It finds the connection of the thread that asks: nothing here belongs to one.
        self.compiler = rows.query.get_compiler(connection=connection)
        self.sql, self.parameters = self.compiler.as_sql()
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def ask(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows for these values, asked for with the first of them."""
        given = _filled(self.parameters, values)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            chunks = iter(partial(cursor.fetchmany, ROWS_AT_ONCE), [])
            rows = chain.from_iterable(chunks)
            yield from map(tuple, self.compiler.apply_converters(rows, self.converters))


class Change:
    """An update of rows, in which `Given` stand as well."""

    def __init__(self, rows: QuerySet[Any, Any], to: dict[str, Any]) -> None:
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(to)
        self.sql, self.parameters = query.get_compiler(connection=connection).as_sql()

    def make(self, **values: Any) -> int:
        """Make it for these values. Returns how many rows it found."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, _filled(self.parameters, values))
            return int(cursor.rowcount)


def _filled(parameters: Iterable[Any], values: dict[str, Any]) -> list[Any]:
    return [one.of(values) if isinstance(one, Given) else one for one in parameters]
