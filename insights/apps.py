"""Insights: what can be learned from a diary."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Nothing to set up: tasks are found by Celery, pages by their addresses."""

    name = "insights"
    default_auto_field = "django.db.models.BigAutoField"
