"""What docker-compose.yml starts, as processes of this machine: its commands, secrets and names."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests import postgres
from tests.conftest import ROOT, free_port, lacking

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
CADDY = Path(sys.executable).with_name("caddy")
# Of the proxy of a test: it is nobody's on this machine, and certifies itself.
ALONE = "{\n\tadmin off\n\tskip_install_trust\n\tlocal_certs\n\tauto_https disable_redirects\n"


def made_secrets(folder: Path) -> Path:
    """The files of secrets, as the script makes them."""
    subprocess.run(["sh", str(ROOT / "config/containers/make-secrets.sh")], cwd=folder, check=True)
    return folder / "secrets"


def here(text: str, secrets: Path, **ports: int) -> str:
    """A text of a container, where its secrets are ours and its names are ports of this machine."""
    text = text.replace("/run/secrets", str(secrets))
    for name, port in ports.items():
        for written in (f"{name}:5432", f"{name}:6379", f"{name.replace('_', '-')}:8000"):
            text = text.replace(written, f"localhost:{port}")
    return text


@contextlib.contextmanager
def database(secrets: Path) -> Iterator[postgres.Server]:
    """PostgreSQL as the service starts it, with its roles."""
    if not postgres.programs():
        lacking("PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="ebb-secrets-"))
    for name in ("database_key", "database_certificate"):
        shutil.copy(secrets / name, folder)
        if owner := postgres.owner():
            shutil.chown(folder / name, owner)
            shutil.chown(folder, owner)
    _program, *options = [here(part, folder) for part in SERVICES["db"]["command"]]
    server = postgres.Server(*options, superuser="postgres", auth="scram-sha-256")
    try:
        server.told(here((ROOT / "config/containers/roles.sql").read_text(), secrets))
        yield server
    finally:
        server.remove()
        shutil.rmtree(folder)


@contextlib.contextmanager
def broker(secrets: Path, folder: Path) -> Iterator[int]:
    """The broker as the service starts it. Yields its port."""
    program = shutil.which("redis-server")
    if not program:
        lacking("redis-server")
    port = free_port()
    _program, *options = [here(part, secrets) for part in SERVICES["redis"]["command"]]
    options[options.index("--tls-port") + 1] = str(port)
    with running([str(program), *options, "--dir", str(folder)], dict(os.environ)):
        yield port


@contextlib.contextmanager
def proxy(address: str, secrets: Path, folder: Path, **webs: int) -> Iterator[None]:
    """The proxy in front of web processes, as its own file says."""
    file = folder / "Caddyfile"
    written = (ROOT / "Caddyfile").read_text().removeprefix("{\n")
    file.write_text(ALONE + here(written, secrets, **webs))
    kept = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "EBB_HOSTS": address}
    command = [str(CADDY), "run", "--config", str(file), "--adapter", "caddyfile"]
    with running(command, dict(os.environ) | kept):
        yield


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is asked to end, and ends."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
