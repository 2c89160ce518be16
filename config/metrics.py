"""What a Prometheus server may read: counts and ages, never who or what.

Every process keeps its counts in files of its own in one folder, and `manage.py metrics` adds
them up when it is asked. A label is the name of a view or of a task, which stand in the code.
"""

import os
import socket

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram, values

from .middleware import View

FOLDER = settings.DATA_DIR / "metrics"

if settings.METRICS_PORT:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
    # Processes of several containers may share the folder, and have the same numbers.
    values.ValueClass = values.MultiProcessValue(lambda: f"{socket.gethostname()}-{os.getpid()}")

REQUESTS = Counter("ebb_requests", "Requests answered", ["view", "status"])
SAVES = Counter("ebb_saves", "Forms of the diary that were acknowledged")
SWEEP_LAG = Histogram(
    "ebb_sweep_lag_seconds",
    "From a change until its diary is handed to a worker",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)
TASKS = Histogram(
    "ebb_task_seconds",
    "How long tasks run",
    ["task"],
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120),
)
FAILURES = Counter("ebb_task_failures", "Tasks that did not do their work", ["task"])


def counted(get_response: View) -> View:
    """Count every answer by the name of its view and the class of its status."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        REQUESTS.labels(match.view_name if match else "", f"{response.status_code // 100}xx").inc()
        if (
            match
            and request.method == "POST"
            and response.status_code < 400
            and match.func.__module__.startswith("diary.")
        ):
            SAVES.inc()
        return response

    return middleware
