"""The bytes of unfinished uploads, in a store beside the blobs from which nothing is served."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from catalog.uploads.models import UploadPart
from provenance.blobs import get_store
from provenance.blobs.store import Blob

PART_BYTES: Final = 32 * 2**20  # the most that a dying process or machine can lose
CHUNK: Final = 256 * 1024
# Random bytes before each part make every address the only one of its kind: two uploads of the same
# bytes never share a part, so that forgetting one can not take the other's.
_SALT: Final = 16

Read = Callable[[int], bytes]


def keep_part(chunks: Iterable[bytes]) -> Blob:
    """Store one part; return its address and the number of its own bytes."""
    kept = get_store("parts").put(chain([secrets.token_bytes(_SALT)], chunks))
    return Blob(kept.sha256, kept.size - _SALT)


def read_parts(addresses: Iterable[str]) -> Iterator[bytes]:
    """Yield the bytes of the parts, one part after the other."""
    store = get_store("parts")
    for address in addresses:
        with store.open(address, start=_SALT) as part:
            while chunk := part.read(CHUNK):
                yield chunk


def forget_parts(addresses: Iterable[str]) -> None:
    """Remove parts from the store; those that are gone already are no error."""
    store = get_store("parts")
    for address in addresses:
        store.delete(address)


def addresses_of(upload_ids: Iterable[object]) -> list[str]:
    """Return the addresses of all parts of these uploads, each upload's in the order of its bytes."""
    rows = UploadPart.objects.filter(upload_id__in=list(upload_ids)).order_by("upload_id", "offset")
    return list(rows.values_list("sha256", flat=True))


def arriving(read: Read, most: int) -> Iterator[bytes]:
    """Yield what arrives, up to ``most`` bytes; a line that breaks ends it like a sender that stops."""
    left = most
    while left:
        try:
            chunk = read(min(CHUNK, left))
        except OSError:
            return
        if not chunk:
            return
        left -= len(chunk)
        yield chunk
