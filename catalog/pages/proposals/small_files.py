"""Files that are read and dropped: a description is kept in memory, and never lies on a disk."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from catalog.intake.readers.bounds import LARGEST

View = Callable[..., HttpResponse]


class InMemory(FileUploadHandler):
    """Keeps as many bytes of a file as a description may have, and one more to show that it has too many."""

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """Begin with nothing."""
        super().new_file(*arguments, **options)
        self._kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what fits; other handlers get nothing."""
        self._kept.write(raw_data[: max(LARGEST + 1 - start, 0)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Hand over what was kept."""
        del file_size
        size = self._kept.seek(0, 2)
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def with_files_in_memory(view: View) -> View:
    """Let a view's files stay in memory.

    The check against forged requests parses the body: so the view is exempt outside and protected inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    def guarded(request: HttpRequest) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        return protected(request)

    return guarded
