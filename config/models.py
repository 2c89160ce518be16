"""What the running product notes of itself."""

from datetime import datetime, timedelta

from django.db import models

NOTED_EVERY = timedelta(seconds=20)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Signs of life that every process can see, also one in another container."""

    def tell(self, name: str, now: datetime) -> None:
        """Note that it did something just now; often is enough, always would be too much."""
        if not self.filter(name=name, at__gt=now - NOTED_EVERY, at__lte=now).exists():
            self.update_or_create(name=name, defaults={"at": now})


class Heartbeat(models.Model):
    """When something was last done."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
