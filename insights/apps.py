"""Insights: what can be learned from a diary."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Tasks are found by Celery, pages by their addresses."""

    name = "insights"
    default_auto_field = "django.db.models.BigAutoField"
    tables_in = ("insights.exports",)  # what is kept beside the diary travels with it
