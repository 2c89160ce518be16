"""Makes the environment that everything else runs in, on a machine that has only some Python 3.

Standard library only, and readable by old Pythons: it is what finds a newer one. The first start
makes `.venv` from a hash-locked list; later starts compare one stamp and go on.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from typing import List, Optional

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "ebb-environment")
NEWEST_FIRST = ["3.13", "3.14", "3.12", "3.15"]
OLDEST = (3, 12)
# What each command needs; a longer list holds all of the shorter ones.
LOCKS = ["requirements.txt", "requirements-test.txt"]
NO_PYTHON = (
    "Ebb needs Python 3.12 or newer with its venv module, or uv, and found neither. "
    "On Debian or Ubuntu: apt install python3-venv. Elsewhere: https://www.python.org/downloads/"
)


def enter(arguments: List[str]) -> None:
    """Return inside the right environment; otherwise make it and start the command again there."""
    if os.environ.get("EBB_NO_BOOTSTRAP") or _ready_elsewhere():
        return
    wanted = LOCKS[1] if arguments[1:2] == ["test"] else LOCKS[0]
    if _stamp() not in [_digest(lock) for lock in LOCKS[LOCKS.index(wanted) :]]:
        try:
            _make(wanted)
        except KeyboardInterrupt:
            sys.exit("Stopped; the next start goes on from here.")
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        python = _inside()
        if os.name == "nt":
            sys.exit(subprocess.call([python] + arguments))
        os.execv(python, [python] + arguments)


def _ready_elsewhere() -> bool:
    """Whether someone else made the environment, as in a container."""
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV) or sys.version_info < OLDEST:
        return False
    try:
        import celery  # noqa: F401
        import django  # noqa: F401
    except ImportError:
        return False
    return not os.path.exists(VENV)


def _make(lock: str) -> None:
    stamp = _digest(lock)
    uv = shutil.which("uv")
    if os.path.isdir(VENV) and not _answers(_inside(), "" if uv else "import pip"):
        shutil.rmtree(VENV)
    python = _find_python()
    if not (uv or python):
        sys.exit(NO_PYTHON)
    say("Setting up the environment in .venv (once, about a minute) …")
    listed = os.path.join(HERE, lock)
    if uv:
        if not os.path.isdir(VENV):
            _run([uv, "venv", "--quiet", "--python", python or ">=3.12", VENV])
        install = [uv, "pip", "install", "--quiet", "--python", _inside()]
    else:
        if not os.path.isdir(VENV):
            _run([str(python), "-m", "venv", VENV])
        install = [_inside(), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        install += ["--only-binary", ":all:"]
    with open(listed) as file:
        say("Installing %d packages …" % file.read().count("=="))
    _run(install + ["--require-hashes", "-r", listed])
    with open(STAMP, "w") as file:
        file.write(stamp)


def _find_python() -> Optional[str]:
    """The path of a Python that is new enough and can make environments, or None."""
    candidates: List[Optional[str]] = [sys.executable]
    candidates += [shutil.which("python" + version) for version in NEWEST_FIRST]
    candidates += [shutil.which("python3"), shutil.which("python")]
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    candidates += sorted(glob.glob(os.path.join(root, "versions", "3.1[2-9]*", "bin", "python")))
    question = "import sys, venv, ensurepip; sys.exit(sys.version_info < (%d, %d))" % OLDEST
    for candidate in candidates:
        if candidate and _answers(candidate, question):
            return candidate
    return None


def _answers(python: str, question: str) -> bool:
    try:
        return subprocess.call([python, "-c", question], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _run(command: List[str]) -> None:
    if subprocess.call(command) != 0:
        sys.exit("Ebb could not set up its environment: see the lines above, then start it again.")


def _inside() -> str:
    if os.name == "nt":
        return os.path.join(VENV, "Scripts", "python.exe")
    return os.path.join(VENV, "bin", "python")


def _digest(lock: str) -> str:
    with open(os.path.join(HERE, lock), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _stamp() -> str:
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def say(line: str) -> None:
    """Show progress at once, also where the output is a file."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
