"""The diary: what the person writes down."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Nothing to set up: models are found by Django, writing goes through `recording`."""

    name = "diary"
    default_auto_field = "django.db.models.BigAutoField"
