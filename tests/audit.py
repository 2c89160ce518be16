"""Whether a package that we use is known to be weak, and the list of all parts (an SBOM).

    python -m tests.audit               ask; ends with 1 when one is weak
    python -m tests.audit --sbom FILE   write the list as CycloneDX JSON, without asking anybody

pip-audit asks the service that knows of weaknesses. Where that can't be reached it says "no known
vulnerabilities" all the same, so what it says is read package by package: one that nobody was asked
about is not called sound.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.txt"))
VENDORED = [ROOT / "static/vendor/VENDOR.toml", ROOT / "insights/reports/fonts/VENDOR.toml"]
SHIPPED = ROOT / "requirements-production.txt"
WAIT = 10  # seconds for one answer of the service
AT_MOST = 35  # seconds for all of them
NOT_REACHED = "NOT AUDITED: no service that knows of weaknesses could be reached."


@dataclass(frozen=True, slots=True)
class Said:
    """What the audit says, line by line, and whether it found something."""

    lines: list[str]
    weak: bool


def judge(report: dict[str, Any] | None) -> Said:
    """What a report of pip-audit means; None stands for a service that did not answer."""
    if report is None:
        return Said([NOT_REACHED], weak=False)
    packages = report["dependencies"]
    asked = [package for package in packages if "skip_reason" not in package]
    found = [
        f"WEAK: {package['name']} {package['version']}, {weakness['id']};"
        f" mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in asked
        for weakness in package["vulns"]
    ]
    if not asked:
        return Said([NOT_REACHED], weak=False)
    silent = [package["name"] for package in packages if "skip_reason" in package]
    lines = [*found, f"{len(asked)} packages were asked about; {len(found)} weaknesses are known."]
    if silent:
        lines.append(f"NOT AUDITED, no answer for: {', '.join(silent)}.")
    return Said(lines, weak=bool(found))


def ask(locks: Iterable[Path], *otherwise: str) -> dict[str, Any] | None:
    """The report of pip-audit, told otherwise or not, about hash-locked lists; None for silence."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
        for lock in locks:
            command += ["--requirement", str(lock)]
        # An answer that was kept from another day would not know of today's weaknesses.
        command += ["--cache-dir", folder, "--timeout", str(WAIT), "--progress-spinner", "off"]
        command += ["--format", "json", "--output", str(written), *otherwise]
        try:
            subprocess.run(command, capture_output=True, timeout=AT_MOST, check=False)
        except subprocess.TimeoutExpired:
            return None
        if not written.exists():
            return None
        report: dict[str, Any] = json.loads(written.read_text())
        return report


def parts(lock: Path) -> Iterable[dict[str, Any]]:
    """Each package of a hash-locked list and each file that others wrote, as CycloneDX has it."""
    for name, version, hashes in re.findall(
        r"^([\w.-]+)==([^\s;]+)(.*(?:\n .*)*)", lock.read_text(), re.M
    ):
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "properties": [
                {"name": "ebb:sha256-of-a-file", "value": digest}
                for digest in re.findall(r"sha256:([0-9a-f]{64})", hashes)
            ],
        }
    for source in (one for file in VENDORED for one in tomllib.loads(file.read_text()).values()):
        name, version = source["name"], source["version"]
        purl = f"pkg:{source['kind']}/{name}@{version}"
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "licenses": [{"expression": source["license"]}],
            "purl": purl,
            "bom-ref": purl,
            "properties": [
                {"name": f"ebb:sha256:{file}", "value": digest}
                for file, digest in source["sha256"].items()
            ],
        }


def bill(lock: Path) -> dict[str, Any]:
    """The list of all parts that people run: the same bytes for the same parts."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = written["project"]
    wanted = [*project["dependencies"], *written["dependency-groups"]["production"]]
    named = {re.split(r"[^\w.-]", one)[0].lower() for one in wanted}
    components = list(parts(lock))
    direct = [part["bom-ref"] for part in components if part["name"] in named or "licenses" in part]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project["name"],
                "version": project["version"],
                "bom-ref": project["name"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": project["name"], "dependsOn": direct}],
    }


def main(arguments: list[str]) -> int:
    """Ask, or write the list; 1 when a package is known to be weak."""
    reads = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    reads.add_argument("--sbom", type=Path, metavar="FILE")
    chosen = reads.parse_args(arguments)
    if chosen.sbom:
        chosen.sbom.write_text(json.dumps(bill(SHIPPED), indent=2) + "\n")
        return 0
    said = judge(ask(LOCKS))
    print(*said.lines, sep="\n")
    return 1 if said.weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
