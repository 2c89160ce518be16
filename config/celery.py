"""The queue: Celery is only transport, what must be done stands in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ebb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
