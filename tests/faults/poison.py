"""The product's settings, with one diary whose analysis takes down the process that makes it."""

import os
import signal

from celery import signals

from config.settings import *  # noqa: F403


@signals.worker_process_init.connect
def _bring_poison(**about: object) -> None:
    from diary.models import User
    from insights import compute

    whole = compute.recompute

    def recompute(owner_id: int, *given: object) -> None:
        if User.objects.get(pk=owner_id).email.startswith("poison"):
            os.kill(os.getpid(), signal.SIGKILL)
        whole(owner_id, *given)  # type: ignore[arg-type]

    compute.recompute = recompute  # type: ignore[assignment]
