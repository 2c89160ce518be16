"""Tables beside the notes and days: what is told of them so that they travel too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from ..models import User
from .csv import Value
from .rows import Column


@dataclass(frozen=True, slots=True)
class Owned:
    """How the rows of a table come into a diary and out again.

    `read` makes a row of its cells by column and raises ValueError or KeyError where it can't.
    `load` keeps it unless it is there, and returns its id if it is new. `unload` takes rows out by
    id.
    """

    read: Callable[[Mapping[str, str]], Any]
    load: Callable[[User, Any], int | None]
    unload: Callable[[User, Sequence[int]], None]


@dataclass(frozen=True, slots=True)
class MoreTable:
    """One table: its key, what it is called, what a row is, its columns and its rows.

    `owned` is None where its rows are worked out from the diary and come by themselves, or belong
    to the account and not to its diary.
    """

    key: str
    title: str | Promise
    about: str | Promise
    columns: Sequence[Column]
    rows: Callable[[User, date], Iterator[list[Value]]]
    owned: Owned | None = None


@cache
def more_tables() -> Mapping[str, MoreTable]:
    """The tables that travel with the diary, by key.

    An app names the modules that tell of its own as `tables_in`; they are loaded when the tables
    are first asked for.
    """
    told_in = (getattr(app, "tables_in", ()) for app in apps.get_app_configs())
    modules = [import_module(name) for names in told_in for name in names]
    return {table.key: table for module in modules for table in module.TABLES}
