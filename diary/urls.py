"""Where the diary is found."""

from datetime import date

from django.urls import path, register_converter

from config.later import Views

from .days import FIRST_DAY, Week, parse_day

checks = Views("diary.views.checks")
consent = Views("diary.views.consent")
days = Views("diary.views.days")
diary = Views("diary.views.diary")
exports = Views("diary.views.exports")
factors = Views("diary.views.factors")
imports = Views("diary.views.imports")
kinds = Views("diary.views.kinds")
leaving = Views("diary.views.leaving")
medicines = Views("diary.views.medicines")
notes = Views("diary.views.notes")
reminders = Views("diary.views.reminders")
settings = Views("diary.views.settings")
start = Views("diary.views.start")
today = Views("diary.views.today")


class DayConverter:
    """A day that exists, from 2000 on, as 2026-11-23."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError, and so a 404, for one that no calendar has."""
        return parse_day(value)

    def to_url(self, value: date) -> str:
        """The day as it is written."""
        return value.isoformat()


class WeekConverter:
    """A week that its year has, as 2026-w47."""

    regex = r"[0-9]{4}-w[0-9]{2}"

    def to_python(self, value: str) -> Week:
        """The week; ValueError, and so a 404, for week 54 or a year before 2000."""
        week = Week.parse(value)
        if week.last < FIRST_DAY:
            raise ValueError(value)
        return week

    def to_url(self, value: Week) -> str:
        """The week as it is written."""
        return str(value)


register_converter(DayConverter, "day")
register_converter(WeekConverter, "week")

urlpatterns = [
    path("", start.home, name="home"),
    path("welcome/", settings.welcome, name="welcome"),
    path("welcome/<int:step>/", settings.welcome, name="welcome-step"),
    path("today/", today.today, name="today"),
    path("log/", notes.log, name="log"),
    path("log/again/", notes.log_again, name="log-again"),
    path("log/which/", kinds.which, name="log-which"),
    path("notes/<uuid:uuid>/", notes.note, name="note"),
    path("notes/<uuid:uuid>/remove/", notes.note_remove, name="note-remove"),
    path("notes/<uuid:uuid>/restore/", notes.note_restore, name="note-restore"),
    path("diary/", diary.diary, name="diary"),
    path("diary/where/", diary.where, name="where"),
    path("days/<day:day>/", days.day, name="day"),
    path("days/<day:day>/clear/", today.day_clear, name="day-clear"),
    path("days/<day:day>/unclear/", today.day_unclear, name="day-unclear"),
    path("days/<day:day>/leave/", today.day_leave, name="day-leave"),
    path("days/<day:day>/answer/", today.day_answer, name="day-answer"),
    path("days/<day:day>/once/", today.notes_once, name="notes-once"),
    path("days/<day:day>/factors/", today.day_factors, name="day-factors"),
    path("export/", exports.export, name="export"),
    path("export/notes.csv", exports.notes_csv, name="export-notes"),
    path("export/days.csv", exports.days_csv, name="export-days"),
    path("export/medicines.csv", exports.medicines_csv, name="export-medicines"),
    path("export/everything.zip", exports.everything_zip, name="export-everything"),
    path("export/checks.csv", exports.checks_csv, name="export-checks"),
    path("export/<slug:key>.csv", exports.more_csv, name="export-more"),
    path("import/", imports.imports, name="import"),
    path("import/<uuid:uuid>/", imports.import_file, name="import-file"),
    path("import/<uuid:uuid>/answer/", imports.import_answer, name="import-answer"),
    path("import/<uuid:uuid>/again/", imports.import_reconsider, name="import-reconsider"),
    path("import/<uuid:uuid>/take/", imports.import_take, name="import-take"),
    path("import/<uuid:uuid>/undo/", imports.import_undo, name="import-undo"),
    path("check/", checks.check, name="check"),
    path("check/<uuid:uuid>/remove/", checks.check_remove, name="check-remove"),
    path("check/<uuid:uuid>/restore/", checks.check_restore, name="check-restore"),
    path("medicines/", medicines.medicines, name="medicines"),
    path("medicines/<uuid:uuid>/", medicines.medicine, name="medicine"),
    path("medicines/<uuid:uuid>/remove/", medicines.medicine_remove, name="medicine-remove"),
    path("medicines/<uuid:uuid>/restore/", medicines.medicine_restore, name="medicine-restore"),
    path("settings/", settings.settings, name="settings"),
    path("settings/zone/", settings.zone, name="zone"),
    path("settings/factors/", factors.factors, name="factors"),
    path("settings/factors/<slug:key>/", factors.factor, name="factor"),
    path("settings/factors/<slug:key>/switch/", factors.factor_switch, name="factor-switch"),
    path("settings/drinks/", settings.drinks, name="drinks"),
    path("settings/break/", settings.break_start, name="break-start"),
    path("settings/break/end/", settings.break_end, name="break-end"),
    path("consent/", consent.consent_page, name="account_consent"),
    path("consent/withdraw/", consent.withdraw, name="account_consent_withdraw"),
    path("reminders/<str:token>/", reminders.reminders_off, name="account_reminders_off"),
    path("settings/delete/", leaving.leave, name="account_leave"),
    path("settings/delete/keep/", leaving.keep, name="account_keep"),
    path("more/", settings.more, name="more"),
]
