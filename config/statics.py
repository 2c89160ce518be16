"""Which static files there are, and how they are stored."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Packaged(AppDirectoriesFinder):
    """Files of packages, without what of htmx no page names, which is half of them."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """All of them but those, as paths with their storage."""
        return super().list([*(ignore_patterns or ()), "django_htmx/*-4*", "django_htmx/ext/*"])


class GzipManifestStorage(CompressedManifestStaticFilesStorage):
    """Names by content hash, compressed with gzip: brotli would add seconds to each collecting."""

    def create_compressor(self, **options: Any) -> Any:
        """Leave brotli out."""
        return super().create_compressor(**(options | {"use_brotli": False}))
