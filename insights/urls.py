"""Where insights and Learn are found."""

from django.urls import path

from config.later import Views

check = Views("insights.views.check")
experiments = Views("insights.views.experiments")
learn = Views("insights.views.learn")
tips = Views("insights.views.tips")
weeks = Views("insights.views.weeks")
reports = Views("insights.reports.views")
sharing = Views("insights.sharing.views")

urlpatterns = [
    path("insights/", weeks.insights, name="insights"),
    path("insights/<week:week>/", weeks.insights_week, name="insights-week"),
    path("insights/<week:week>/<slug:factor>/", weeks.insights_factor, name="insights-factor"),
    path("experiments/", experiments.experiments, name="experiments"),
    path("experiments/new/", experiments.experiment_new, name="experiment-new"),
    path("experiments/<uuid:uuid>/", experiments.experiment, name="experiment"),
    path("experiments/<uuid:uuid>/stop/", experiments.experiment_stop, name="experiment-stop"),
    path(
        "experiments/<uuid:uuid>/resume/", experiments.experiment_resume, name="experiment-resume"
    ),
    path(
        "experiments/<uuid:uuid>/days/<day:day>/", experiments.experiment_day, name="experiment-day"
    ),
    path("report/", reports.report, name="report"),
    path("report/fhir/", reports.document, name="report-document"),
    path("report/pdf/", reports.file_ask, name="report-file-ask"),
    path("report/pdf/<uuid:uuid>/", reports.file_wait, name="report-file"),
    path("report/pdf/<uuid:uuid>/get/", reports.file_get, name="report-file-get"),
    path("report/shares/", sharing.shares, name="shares"),
    path("report/shares/<uuid:uuid>/revoke/", sharing.share_revoke, name="share-revoke"),
    path("shared/<uuid:uuid>/", sharing.shared, name="shared"),
    path("check/<uuid:uuid>/", check.check_answer, name="check-answer"),
    path("sample/open/", weeks.sample_open, name="sample-open"),
    path("sample/close/", weeks.sample_close, name="sample-close"),
    path("suggestions/<slug:passage>/", tips.suggestion, name="suggestion"),
    path("learn/", learn.learn, name="learn"),
    path("learn/claims/", learn.claims, name="claims"),
    path("learn/suggestions/", tips.suggestions, name="suggestions"),
    path("learn/medical-advice/", learn.advice, name="advice"),
    path("learn/<slug:slug>/", learn.learn_topic, name="learn-topic"),
]
