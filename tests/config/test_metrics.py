"""What Prometheus is told, by the real product with two web workers."""

import re
import urllib.request

import pytest

from tests.conftest import answers, free_port, own_environment, start_ebb, stop_ebb, wait_until
from tests.faults.test_faults import started_servers
from tests.faults.writers import Writer

SAVES = 30
KNOWN = {"view", "status", "task", "le"}


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def servers(port):
    with started_servers(EBB_METRICS_PORT=str(port)) as product:
        yield product


@pytest.fixture(scope="module")
def told(servers, port):
    """What it says after somebody has written, with the writer."""
    writer = Writer(servers.url, "canary", "metrics", lambda: True)
    for number in range(SAVES):
        writer.write(number)
    wait_until(
        lambda: value(
            read(port), "ebb_task_seconds_count", task="insights.tasks.recompute_insights"
        ),
        "an analysis to be counted",
        seconds=60,
    )
    return read(port), writer


def read(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        return answer.read().decode()


def value(text, name, **labels):
    """The sum of the series with this name and these labels."""
    found = 0.0
    for line in text.splitlines():
        if match := re.fullmatch(rf"{name}(?:{{(.*)}})? (\S+)", line):
            has = dict(re.findall(r'(\w+)="([^"]*)"', match[1] or ""))
            if labels.items() <= has.items():
                found += float(match[2])
    return found


def test_the_counts_of_two_web_workers_add_up(told, servers):
    text, writer = told
    assert value(text, "ebb_saves_total") == writer.acknowledged
    sent = ("log", "check", "note-remove")
    counted = sum(value(text, "ebb_requests_total", view=view, status="3xx") for view in sent)
    assert counted == writer.acknowledged
    workers = [file.name for file in (servers.data / "metrics").glob("counter_*.db")]
    assert len(workers) >= 3  # two of the web, and at least one of the worker


def test_the_analysis_is_followed_from_the_change_to_its_result(told):
    text, _writer = told
    assert value(text, "ebb_sweep_lag_seconds_count") >= 1
    assert value(text, "ebb_task_failures_total") == 0
    assert value(text, "ebb_database_up") == 1
    assert "ebb_heartbeat_age_seconds" in text
    assert "ebb_oldest_stale_seconds" in text


def test_nothing_says_who_wrote_or_what(told):
    text, _writer = told
    assert "canary" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)
    assert not [place for place in ("calf", "thumb", "eyelid") if place in text]
    names = {
        name for labels in re.findall(r"{(.*)}", text) for name in re.findall(r"(\w+)=", labels)
    }
    assert names <= KNOWN


def test_a_wrong_address_is_counted_without_its_words(told, servers, port):
    before = value(read(port), "ebb_requests_total", view="", status="4xx")
    assert answers(f"{servers.url}canary-in-an-address") == 404
    assert value(read(port), "ebb_requests_total", view="", status="4xx") == before + 1
    assert "canary" not in read(port)


def test_one_machine_answers_there_as_well_and_without_the_setting_nowhere(tmp_path):
    asked = free_port()
    running = start_ebb(tmp_path, environment={"EBB_METRICS_PORT": str(asked)})
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{asked}/metrics") == 200, "the metrics")
        (tmp_path / "metrics" / "counter_just-begun.db").touch()
        assert value(read(asked), "ebb_requests_total") >= 1
    finally:
        stop_ebb(running)
    assert "EBB_METRICS_PORT" not in own_environment()
