"""The checksum of one PATCH, as the tus checksum extension sends it."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from typing import Final

ALGORITHMS: Final = ("sha256", "sha1")  # sha1 is what the extension demands; it guards against noise only


class Checksum:
    """Hashes the bytes that pass, and compares the result with what was announced."""

    def __init__(self, header: str) -> None:
        """Read ``<algorithm> <base64 of the digest>``; raise ValueError for any other form."""
        algorithm, _, encoded = header.partition(" ")
        if algorithm not in ALGORITHMS:
            raise ValueError(f"Upload-Checksum takes {' or '.join(ALGORITHMS)}.")
        try:
            self._announced = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError("Upload-Checksum holds no base64.") from None
        self._hash = hashlib.new(algorithm, usedforsecurity=False)
        if len(self._announced) != self._hash.digest_size:
            raise ValueError(f"Upload-Checksum holds no digest of {algorithm}.")

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks on."""
        for chunk in chunks:
            self._hash.update(chunk)
            yield chunk

    def matches(self) -> bool:
        """Tell whether what passed is what was announced."""
        return compare_digest(self._hash.digest(), self._announced)
