"""The diary: what the person writes down."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Models are found by Django, writing goes through `recording`."""

    name = "diary"
    default_auto_field = "django.db.models.BigAutoField"
    tables_in = ("diary.exports.consents", "diary.exports.experiments")  # travel with the diary
