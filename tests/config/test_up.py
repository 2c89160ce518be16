"""The run command, driven as a person or a service manager would."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import alive, supervisor
from tests.config.test_compose import COMPOSE
from tests.conftest import (
    ROOT,
    answers,
    free_port,
    lacking,
    own_environment,
    start_ebb,
    stop_ebb,
    wait_until,
)


def up(*options, **environment):
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up", *options],
        env={"PATH": os.environ["PATH"], "EBB_NO_BOOTSTRAP": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def crew(running):
    """The processes it started, by the record it keeps of them."""
    return [row["pid"] for row in json.loads((running.data / "processes.json").read_text())]


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def family(pids):
    """These processes and all that they started."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    parents = dict(map(int, line.split()) for line in listed.splitlines())
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def plain(refused):
    """The one sentence that it said, which is no traceback."""
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    lines = refused.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture(scope="module")
def ebb(tmp_path_factory):
    data = tmp_path_factory.mktemp("up")
    running = start_ebb(data, environment={"EBB_HOSTS": "diary.example.org"})  # behind a proxy
    yield running
    with contextlib.suppress(ProcessLookupError):
        stop_ebb(running)


def test_it_says_where_it_is_ready_and_answers_there(ebb):
    assert ebb.said[-1] == f"Ebb is ready at {ebb.url}\n"
    assert answers(ebb.url) == 200
    assert "DisallowedHost" not in "".join(ebb.said)


def test_its_secret_and_its_data_are_for_its_owner_alone(ebb):
    assert (ebb.data / "ebb.sqlite3").stat().st_mode & 0o077 == 0
    assert (ebb.data / "secret_key").stat().st_mode & 0o077 == 0


def test_a_second_start_on_the_same_data_is_refused_in_one_sentence(ebb):
    refused = up("--data", str(ebb.data), "--port", str(free_port()))
    assert "already running" in plain(refused)
    assert answers(ebb.url) == 200


def test_a_port_that_is_taken_is_named_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = up("--data", str(tmp_path), "--port", str(port))
    assert f"Port {port} can't be used" in plain(refused)


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    refused = up("--data", str(in_the_way), "--port", str(free_port()))
    assert "can't be written" in plain(refused)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused_with_its_range(port):
    refused = up("--port", port)
    assert refused.returncode == 2
    assert "a port is a number from 1 to 65535" in refused.stderr


def test_a_setting_that_cannot_be_used_is_named_and_nothing_runs(tmp_path):
    refused = up("--data", str(tmp_path), "--port", str(free_port()), EBB_SIGNUP="maybe")
    assert "could not get ready" in plain(refused)
    assert "EBB_SIGNUP must be first or open, not 'maybe'." in refused.stdout
    assert not (tmp_path / "processes.json").exists()


def test_a_process_that_dies_is_started_again(ebb):
    before = crew(ebb)
    web = before[-1]
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: crew(ebb) != before and answers(ebb.url) == 200, "the web to be back")


def test_ctrl_c_ends_every_process_within_five_seconds_also_with_a_folder_deep_down(tmp_path):
    # The path of a socket may have about a hundred letters.
    running = start_ebb(tmp_path / ("deep" * 20) / ("down" * 20))
    everyone = family(crew(running))
    assert len(everyone) >= 4  # broker, web, worker, scheduler
    started = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    assert running.ended() == 0
    assert time.monotonic() - started < 5
    assert [pid for pid in everyone if lives(pid)] == []
    assert answers(running.url) == 0


def test_after_kill_9_a_second_start_cleans_up_and_runs_at_the_same_address(tmp_path):
    port = free_port()
    first = start_ebb(tmp_path / "data", port=port)
    everyone = family(crew(first))
    # Without its parent the server's own worker would keep the port.
    os.kill(crew(first)[-1], signal.SIGSTOP)
    first.process.kill()
    os.kill(crew(first)[-1], signal.SIGKILL)
    first.ended()
    second = start_ebb(tmp_path / "data", port=port)
    try:
        assert [pid for pid in everyone if lives(pid)] == []
        assert answers(second.url) == 200
    finally:
        stop_ebb(second)


@pytest.mark.parametrize("ours", [True, False])
def test_what_outlived_the_process_that_started_it_is_ended_if_it_is_ours(tmp_path, ours):
    data = tmp_path if ours else tmp_path / "another"
    leader = subprocess.run(
        ["sh", "-c", "sleep 60 >/dev/null & echo $$ $!"],
        env=os.environ | {"EBB_DATA": str(data)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    group, left = map(int, leader.stdout.split())
    record = tmp_path / "processes.json"
    record.write_text(json.dumps([{"pid": group, "started": "1"}]))
    supervisor._end_orphans(record)
    assert lives(left) is not ours
    if not ours:
        os.kill(left, signal.SIGKILL)


def test_output_that_nobody_reads_any_more_ends_nothing(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with contextlib.suppress(BrokenPipeError), os.fdopen(write, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        supervisor.say("still here")


def test_a_process_that_runs_and_does_nothing_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(alive, "SILENT_AT_MOST", 0.3)
    silence = alive.Silence("worker", tmp_path)
    assert not silence.is_too_long()
    time.sleep(0.2)
    alive.sign("worker", tmp_path).touch()
    assert not silence.is_too_long()
    time.sleep(0.2)
    assert not silence.is_too_long()
    wait_until(silence.is_too_long, "the silence to be long", seconds=2)
    assert not silence.is_too_long()  # it is given as long again


def test_a_worker_that_is_given_nothing_any_more_ends_itself(tmp_path, redis_server):
    # As a container starts it: the first process there, on which signals from within have no hold.
    first = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if not shutil.which("unshare") or subprocess.run([*first, "true"], check=False).returncode:
        lacking("right to start the first process of a container")
    worker = subprocess.run(
        [*first, sys.executable, "-m", "celery", *COMPOSE["services"]["worker"]["command"][1:]],
        cwd=ROOT,
        env=own_environment()
        | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.impatient",
            "EBB_BROKER_URL": redis_server,
            "EBB_DATA": str(tmp_path),
            "EBB_SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
        },
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / "worker.alive").exists()  # it was ready, and no sweep ever came
    assert worker.returncode == 1
