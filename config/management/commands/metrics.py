"""Answers a Prometheus server: the counts of all processes, and the ages that matter."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from config import health, metrics


class Ages:
    """What the database says at the moment it is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The ages that `/readyz` judges; only that it is away, while the database is."""
        now = timezone.now()
        try:
            ages = {
                "ebb_oldest_stale_seconds": (
                    "How long the oldest diary waits for its results",
                    health.oldest_waiting(now, failing=False) or timedelta(0),
                ),
                "ebb_oldest_failing_seconds": (
                    "The same of the diaries whose analysis was begun and not finished",
                    health.oldest_waiting(now, failing=True) or timedelta(0),
                ),
                "ebb_heartbeat_age_seconds": (
                    "How long ago stale diaries were last looked for",
                    health.sweep_age(now),
                ),
            }
        except db.DatabaseError:
            ages = {}
        yield GaugeMetricFamily("ebb_database_up", "1: it answers", value=float(bool(ages)))
        for name, (meaning, age) in ages.items():
            if age is not None:
                yield GaugeMetricFamily(name, meaning, value=age.total_seconds())


class Counts:
    """What all processes have counted."""

    def collect(self) -> Iterable[Metric]:
        """Of every process, but of one that has only just opened its file."""
        begun = [str(file) for file in metrics.FOLDER.glob("*.db") if file.stat().st_size]
        counted: Iterable[Metric] = MultiProcessCollector.merge(begun)
        return counted


class Quiet(WSGIRequestHandler):
    """Writes no line for each question."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Command(BaseCommand):
    """Runs beside web and worker, on a port of its own."""

    help = __doc__

    def handle(self, **options: Any) -> None:
        """Answer on the port of the settings until stopped."""
        if not settings.METRICS_PORT:
            raise CommandError("EBB_METRICS_PORT must be set: the port to answer on.")
        registry = CollectorRegistry()
        registry.register(Counts())
        registry.register(Ages())
        answer = make_wsgi_app(registry)

        def fresh(environ: Any, start_response: Any) -> Any:
            db.close_old_connections()
            return answer(environ, start_response)

        where = (settings.METRICS_HOST, settings.METRICS_PORT)
        with make_server(*where, fresh, handler_class=Quiet) as server:
            server.serve_forever()
