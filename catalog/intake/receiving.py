"""What a server answers, as far as it is one description: a type that we read, a size that has an end."""

import zlib
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Final

from django.utils.translation import gettext as _

from catalog.intake.fetch_errors import refuse_fetch
from provenance.errors import Invalid

LARGEST: Final = 5 * 2**20  # bytes, packed and unpacked alike
_CHUNK: Final = 64 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
TYPES: Final = frozenset(
    {
        *("application/ld+json", "application/json", "application/turtle", "application/x-turtle"),
        *("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"),
        *("text/turtle", "text/markdown", "text/x-markdown", "text/plain"),
    }
)


def check_type(header: str) -> str:
    """Return the media type without its parameters.

    Raises:
        Invalid: code ``fetch-wrong-type``.
    """
    media_type = header.partition(";")[0].strip().lower()
    if media_type in TYPES:
        return media_type
    if media_type in {"text/html", "application/xhtml+xml"}:
        message = _("There is a web page at this address. Give the address of the description itself.")
    else:
        message = _("What lies at this address is not text that describes data.")
    raise refuse_fetch("fetch-wrong-type", message)


def receive(response: HTTPResponse) -> bytes:
    """Return the body, unpacked, and stop as soon as it is too long on either side of the packing.

    Raises:
        Invalid: codes ``fetch-too-large`` and ``fetch-failed``.
    """
    encoding = response.getheader("Content-Encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return _joined(_chunks(response))
    if encoding in {"gzip", "x-gzip"}:
        return _joined(_unpacked(_chunks(response)))
    raise refuse_fetch("fetch-failed", _("The answer is packed in a way that was not asked for."))


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    taken = 0
    while chunk := response.read1(_CHUNK):
        taken += len(chunk)
        if taken > LARGEST:
            raise _too_large()
        yield chunk
    if response.length:
        raise refuse_fetch("fetch-failed", _("The connection broke before the answer was complete."))


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack piece by piece: what a few bytes blow up to is never made at once."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            packed = chunk
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, _CHUNK)
                packed = unpacker.unconsumed_tail
    except zlib.error:
        raise refuse_fetch("fetch-failed", _("The answer can not be unpacked.")) from None


def _joined(pieces: Iterator[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > LARGEST:
            raise _too_large()
    return bytes(body)


def _too_large() -> Invalid:
    message = _("It is longer than %(limit)s MiB.") % {"limit": LARGEST // 2**20}
    return refuse_fetch("fetch-too-large", message)
