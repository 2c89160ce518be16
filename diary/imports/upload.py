"""Uploads that end where they become too large, before they fill a disk."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

FILE_AT_MOST = 20_000_000  # bytes
READ_TO_THE_END = 5 * FILE_AT_MOST  # beyond, the connection is cut instead


class Bounded(FileUploadHandler):
    """Stops at the limit; the request says so by `file_too_large`."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._so_far = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on while it is not too much."""
        self._so_far += len(raw_data)
        if self._so_far > FILE_AT_MOST:
            request: Any = self.request
            request.file_too_large = True
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            raise StopUpload(connection_reset=length > READ_TO_THE_END)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""
