"""Which static files there are, and how they are stored."""

from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Without htmx's next version and its extensions, which no page names: half of all files."""

    ignore_patterns = [  # noqa: RUF012 - no variable of the class, as Django declares it
        *StaticFilesConfig.ignore_patterns,
        "django_htmx/*-4*",
        "django_htmx/ext/*",
    ]


class GzipManifestStorage(CompressedManifestStaticFilesStorage):
    """Names by content hash, compressed with gzip: brotli would add seconds to each collecting."""

    def create_compressor(self, **options: Any) -> Any:
        """Leave brotli out."""
        return super().create_compressor(**(options | {"use_brotli": False}))
