"""What the audit of the packages says is what was found out, and no more."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from cyclonedx.model.bom import Bom

from tests import audit

ROOT = Path(__file__).resolve().parent.parent
SOUND = {"name": "django", "version": "6.1.3", "vulns": []}
SILENT = {"name": "six", "skip_reason": "not found"}
WEAK = {
    "name": "celery",
    "version": "5.7.0",
    "vulns": [{"id": "PYSEC-2099-1", "fix_versions": ["5.7.1"], "aliases": []}],
}


def test_a_known_weakness_is_named_with_the_version_that_mends_it_and_fails():
    said = audit.judge({"dependencies": [SOUND, WEAK]})
    assert said.weak
    assert "WEAK: celery 5.7.0, PYSEC-2099-1; mended in 5.7.1" in said.lines


def test_packages_that_were_all_asked_about_and_are_sound_pass():
    said = audit.judge({"dependencies": [SOUND]})
    assert not said.weak
    assert said.lines == ["1 packages were asked about; 0 weaknesses are known."]


@pytest.mark.parametrize("report", [None, {"dependencies": [SILENT]}, {"dependencies": []}])
def test_a_service_that_can_not_be_reached_is_said_and_never_called_sound(report):
    said = audit.judge(report)
    assert not said.weak
    assert said.lines == [audit.NOT_REACHED]


def test_a_package_that_nobody_answered_for_is_named():
    said = audit.judge({"dependencies": [SOUND, SILENT]})
    assert "NOT AUDITED, no answer for: six." in said.lines


def test_a_weakness_is_found_though_others_were_not_answered_for():
    assert audit.judge({"dependencies": [SILENT, WEAK]}).weak


class KnowsOfOne(BaseHTTPRequestHandler):
    """A service that knows of a weakness of celery."""

    def do_POST(self):
        about = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault = {
            "id": "GHSA-made-up",
            "summary": "made up",
            "affected": [
                {
                    "package": {"name": "celery", "ecosystem": "PyPI"},
                    "versions": [about["version"]],
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "99.0"}]}],
                }
            ],
        }
        found = {"vulns": [fault]} if about["package"]["name"] == "celery" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *about):
        """Quiet."""


def test_what_a_service_knows_of_our_own_lists_is_found(monkeypatch):
    monkeypatch.setattr(audit, "AT_MOST", 300)  # it answers; a busy machine is slow to ask
    with ThreadingHTTPServer(("127.0.0.1", 0), KnowsOfOne) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{service.server_port}/"
        report = audit.ask(audit.LOCKS, "--vulnerability-service", "osv", "--osv-url", url)
        service.shutdown()
    said = audit.judge(report)
    assert said.weak
    assert said.lines[0].startswith("WEAK: celery ")
    assert said.lines[0].endswith("; mended in 99.0")
    assert not [line for line in said.lines if line.startswith("NOT AUDITED")]


def test_where_nobody_can_be_asked_the_audit_ends_soon_and_says_so(monkeypatch, capsys):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    assert audit.main([]) == 0
    assert capsys.readouterr().out.strip() == audit.NOT_REACHED


def test_the_list_of_parts_holds_every_package_and_every_vendored_file(tmp_path):
    file = tmp_path / "sbom.json"
    assert audit.main(["--sbom", str(file)]) == 0
    listed = {part["purl"] for part in audit.bill(audit.SHIPPED)["components"]}
    pinned = re.findall(r"^([\w.-]+)==([^\s;]+)", audit.SHIPPED.read_text(), re.M)
    assert {f"pkg:pypi/{name}@{version}" for name, version in pinned} <= listed
    vendored = {"pkg:npm/plotly.js-basic-dist-min", "pkg:generic/dejavu-fonts"}
    assert vendored <= {purl.rpartition("@")[0] for purl in listed}
    assert len(listed) == len(pinned) + len(vendored)
    read = cast(Any, Bom).from_json(json.loads(file.read_text()))
    assert {part.purl.to_string() for part in read.components} == listed
    read.validate()
