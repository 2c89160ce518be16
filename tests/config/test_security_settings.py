"""The settings that nothing visible would miss."""

import pytest
from celery import Task
from django.test import Client

from insights import tasks


def test_a_task_is_acknowledged_late_bounded_and_answers_nothing():
    from config.celery import app

    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.accept_content == ["json"]
    assert conf.task_soft_time_limit < conf.task_time_limit
    # Otherwise a message comes back while its task still runs.
    ours = [task for task in vars(tasks).values() if isinstance(task, Task)]
    longest = max(task.time_limit or conf.task_time_limit for task in ours)
    assert longest < conf.broker_transport_options["visibility_timeout"]
    # A worker that gives up waiting for the broker lives on and never takes a task again.
    assert "socket_timeout" not in conf.broker_transport_options


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/learn/", "/healthz", "/no-such-page/"])
def test_a_page_may_run_only_scripts_of_its_own_server(path):
    answer = Client().get(path)
    policy = {
        words[0]: words[1:]
        for words in map(str.split, answer.headers["Content-Security-Policy"].split(";"))
    }
    assert policy["default-src"] == ["'none'"]  # and so no plug-ins, frames or objects
    assert policy["script-src"] == ["'self'"]
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == policy["connect-src"] == ["'self'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/static/", "/static/js/", "/static/vendor", "/static/../config/"]
)
def test_no_folder_is_listed(path):
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/today/", "/accounts/login/", "/healthz", "/no-such-page/"])
def test_a_request_is_never_sent_back_as_it_came(alice, path):
    client = Client()
    client.force_login(alice)
    answer = client.trace(path, headers={"X-Secret": "in every request"})
    assert b"in every request" not in answer.content
