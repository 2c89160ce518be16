"""How static files are stored."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class GzipManifestStorage(CompressedManifestStaticFilesStorage):
    """Names by content hash, compressed with gzip: brotli would add seconds to each collecting."""

    def create_compressor(self, **options: Any) -> Any:
        """Leave brotli out."""
        return super().create_compressor(**(options | {"use_brotli": False}))
