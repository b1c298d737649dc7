"""Blobs over HTTP: whole, or one range of bytes (RFC 9110 §14), never held in memory."""

import re
from collections.abc import Iterator
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from provenance.blobs import get_store

CHUNK: Final = 1 << 20
_RANGE: Final = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def stream_blob(request: HttpRequest, *, sha256: str, size: int) -> HttpResponseBase:
    """Answer with a blob of ``size`` bytes: 200, 206 for one satisfiable range, or 416.

    Forms of Range that are not one range of bytes are passed over, as the standard lets a server do.

    Raises:
        BlobMissing: the store lost it.
    """
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    begin, end = _bounds(wanted, size) if wanted else (0, size)
    if begin >= end and wanted:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    partial = wanted is not None
    response = StreamingHttpResponse(
        _read(sha256, begin, end), status=206 if partial else 200, content_type="application/octet-stream"
    )
    response["Content-Length"] = str(end - begin)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{sha256}"'
    response["Cache-Control"] = "private, immutable"
    if partial:
        response["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return response


def _bounds(wanted: re.Match[str], size: int) -> tuple[int, int]:
    """Return [begin, end); an empty interval when the range can not be satisfied."""
    first, last = wanted.groups()
    if not first:
        return (max(size - int(last), 0), size) if last and int(last) else (0, 0)
    return int(first), min(int(last) + 1, size) if last else size


def _read(sha256: str, begin: int, end: int) -> Iterator[bytes]:
    with get_store().open(sha256, start=begin) as file:
        left = end - begin
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
