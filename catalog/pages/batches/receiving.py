"""A table on its way in: it stays in memory, so that no private row of it ever lies on a disk (INV-1)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from catalog.batches.table import MOST_BYTES

View = Callable[[HttpRequest], HttpResponse]


class KeepInMemory(FileUploadHandler):
    """Holds as much of a file as tells that it is too large."""

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """Begin with the next file."""
        super().new_file(*arguments, **options)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        """Keep what still fits; let the rest run into nothing."""
        self._held.write(raw_data[: max(0, MOST_BYTES + 1 - self._held.tell())])

    def file_complete(self, _file_size: int) -> InMemoryUploadedFile:
        """Return the file."""
        size = self._held.tell()
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name or "", self.content_type, size, self.charset
        )


def kept_in_memory(view: View) -> View:
    """Let files of the form stay in memory.

    The handler has to be there before the body is parsed, and the check against forged requests parses it: so
    the view is exempt outside and protected inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    def guarded(request: HttpRequest) -> HttpResponse:
        request.upload_handlers = [KeepInMemory(request)]
        return protected(request)

    return guarded
