"""Blobs over HTTP: whole, or one range of bytes (RFC 9110 §14), never held in memory."""

import errno
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from provenance.blobs import get_store

CHUNK: Final = 1 << 20
_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


class Watch(Protocol):
    """Somebody who may end a read before its next byte."""

    def cause(self) -> str:
        """Return the code of why the read has to end here, empty while it may go on."""

    def cut(self, *, sent: int, cause: str) -> None:
        """Hear that the read ended early: at most ``sent`` bytes went out."""


class ReadCut(ConnectionResetError):  # noqa: N818 - named for what happens to the connection
    """A read that its watch ended.

    Fewer bytes than Content-Length announced are an error to every client, provided that the connection
    closes. A server closes it for this kind of error, and takes no traceback into its log.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(errno.ECONNRESET, f"the read was ended: {cause}")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes [begin, end) of a blob of ``size`` bytes; ``partial`` when a range was asked for."""

    begin: int
    end: int
    size: int
    partial: bool

    @property
    def satisfiable(self) -> bool:
        """Whether there is anything to send for the range."""
        return self.begin < self.end or not self.partial


def span_of(request: HttpRequest, *, sha256: str, size: int) -> Span:
    """Return which bytes a request asks for.

    Forms of Range that are not one range of bytes are passed over, as the standard lets a server do, and so
    is a Range whose If-Range names other bytes: then the whole is sent (§13.1.5).
    """
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or request.headers.get("If-Range", f'"{sha256}"') != f'"{sha256}"':
        return Span(0, size, size, partial=False)
    first, last = wanted.groups()
    if not first:
        begin = max(size - int(last), 0) if last and int(last) else size
        return Span(begin, size, size, partial=True)
    return Span(int(first), min(int(last) + 1, size) if last else size, size, partial=True)


def stream_blob(
    request: HttpRequest, *, sha256: str, size: int, watch: Watch | None = None
) -> HttpResponseBase:
    """Answer with a blob of ``size`` bytes: 200, 206 for one satisfiable range, or 416; HEAD without bytes.

    ``watch`` is asked before each chunk of at most 1 MiB, and ends the connection with its answer. Without it
    the server may hand a file to the kernel (sendfile), which copies nothing through this program.
    """
    span = span_of(request, sha256=sha256, size=size)
    if not span.satisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    status = 206 if span.partial else 200
    kind = "application/octet-stream"
    response: HttpResponseBase = (
        HttpResponse(status=status, content_type=kind)
        if request.method == "HEAD"
        else _streaming(sha256, span, watch, status=status, content_type=kind)
    )
    response["Content-Length"] = str(span.end - span.begin)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{sha256}"'
    response["Cache-Control"] = "private, immutable"
    if span.partial:
        response["Content-Range"] = f"bytes {span.begin}-{span.end - 1}/{size}"
    return response


class _FileResponse(StreamingHttpResponse):
    """A stretch of a file, of which Content-Length names the end: see django.core.handlers.wsgi."""

    block_size = CHUNK

    def __init__(self, file: BinaryIO, span: Span, **options: Any) -> None:
        super().__init__(_read(lambda: file, span), **options)
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]
        self.file_to_stream = file


def _streaming(sha256: str, span: Span, watch: Watch | None, **options: Any) -> StreamingHttpResponse:
    def opened() -> BinaryIO:
        return get_store().open(sha256, start=span.begin)

    if watch is not None:
        return StreamingHttpResponse(_watched(_read(opened, span), span, watch), **options)
    file = opened()
    try:
        file.fileno()
    except OSError:  # a stream from a bucket
        return StreamingHttpResponse(_read(lambda: file, span), **options)
    return _FileResponse(file, span, **options)


def _watched(chunks: Iterator[bytes], span: Span, watch: Watch) -> Iterator[bytes]:
    """Ask before each chunk; a chunk counts as sent before it goes, so that the log never says too little."""
    sent, cause = 0, "connection-lost"
    try:
        for chunk in chunks:
            if ended := watch.cause():
                cause = ended
                raise ReadCut(ended)
            sent += len(chunk)
            yield chunk
    finally:
        if sent < span.end - span.begin:
            watch.cut(sent=sent, cause=cause)


def _read(opened: Callable[[], BinaryIO], span: Span) -> Iterator[bytes]:
    with opened() as file:
        left = span.end - span.begin
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
