"""The product's settings, with diaries whose analysis kills its process or takes its time."""

import os
import signal
import time

from celery import signals

from config.settings import *  # noqa: F403

SLOW = 4.0  # seconds


@signals.worker_process_init.connect
def _bring_trouble(**about: object) -> None:
    from diary.models import User
    from insights import compute

    whole = compute.recompute

    def recompute(owner_id: int, *given: object) -> None:
        email = User.objects.get(pk=owner_id).email
        if email.startswith("poison"):
            os.kill(os.getpid(), signal.SIGKILL)
        if email.startswith("slow"):
            _note("begun")
            time.sleep(SLOW)
        whole(owner_id, *given)  # type: ignore[arg-type]
        if email.startswith("slow"):
            _note("done")

    compute.recompute = recompute  # type: ignore[assignment]


def _note(word: str) -> None:
    with (DATA_DIR / "slow").open("a") as file:  # noqa: F405
        file.write(f"{word}\n")
