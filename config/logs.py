"""How log lines are written: ids, places in the code, kinds of faults; never a person's words."""

import json
import logging
import re
import time
import traceback
from types import TracebackType
from typing import override

# In an address: what follows was sent in a letter, and whoever reads it could come in by it.
SECRET = re.compile(r"((?:password/reset/key|confirm-email|reminders)/)[^\s|]+")


class WithoutTheirWords(logging.Formatter):
    """Shows where a fault happened and of what kind it is, and leaves its own text out.

    The text of a fault may quote the row or the form field that it was about. Times are in UTC, so
    that the lines of several machines can be put in order; each record is one of them.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @override
    def format(self, record: logging.LogRecord) -> str:
        """All of a record in one line, its fault behind its words."""
        if isinstance(record.args, dict) and "exc" in record.args:  # Celery quotes a task's fault
            record.args = record.args | {"exc": "…"}
        return SECRET.sub(r"\1…", " | ".join(super().format(record).splitlines()))

    @override
    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """The calls that led to the fault, then its kind; the same for what caused it."""
        lines: list[str] = []
        fault = ei[1]
        while fault is not None:
            calls = traceback.extract_tb(fault.__traceback__)
            lines += [f"{call.filename}:{call.lineno} {call.name}" for call in calls]
            lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
            fault = fault.__cause__ or fault.__context__
        return "\n".join(lines)


class AsJson(WithoutTheirWords):
    """The same as an object for programs: what a line says has a name each."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """One object in one line."""
        said = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "part": record.name,
            "said": super().format(record),
        }
        return json.dumps(said)
