"""Making one of the parts, and letting them go."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from provenance.blobs import get_store
from provenance.blobs.store import BlobMismatch, BlobMissing, Intake
from training.merge.state import state_header
from training.merge.sums import from_json, to_json, total
from training.rounds.ranges.models import MergeRange, RangedMerge
from training.rounds.ranges.wanted import header_of, plan_of
from training.scratch import CHUNK


class PartLost(Exception):  # noqa: N818 - named for what is the case
    """The bytes of a part are gone, or are not those that were kept."""

    def __init__(self, part: MergeRange) -> None:
        self.part = part
        super().__init__(str(part))


def join_parts(merge: RangedMerge) -> dict[str, Any]:
    """Put header and parts into the store as one blob, likewise the server's state; return the outcome.

    Streams: nothing is held or written but in the store, where a blob is whole or not there. Each part is
    hashed on its way.

    Raises:
        PartLost: of one of the parts. BlobError: the store does not work.
    """
    store, plan = get_store(), plan_of(merge.document)
    parts = list(merge.ranges.filter(step=RangedMerge.MERGE).order_by("start").defer("sums"))
    whole = store.put(_chunks(header_of(merge.document), [(part, part.sha256) for part in parts]))
    state = ""
    if plan.arrays:
        header = state_header(plan, merge.elements)
        state = store.put(_chunks(header, [(part, part.state_sha256) for part in parts])).sha256
    return {
        "sha256": whole.sha256,
        "bytes": whole.size,
        "state_sha256": state,
        "sums": to_json(sums_of(merge)),
    }


def sums_of(merge: RangedMerge) -> dict[str, Any]:
    """Return what the ranges of the present step have counted together, added up in their order."""
    ranges = merge.ranges.filter(step=merge.step).order_by("start").values_list("sums", flat=True)
    return total(from_json(sums) for sums in ranges.iterator(chunk_size=1))


def drop_ranges(ranges: Iterable[MergeRange]) -> None:
    """Let ranges go with their parts, except parts that another range has too: equal bytes are one blob."""
    store = get_store("ranges")
    for each in ranges:
        each.delete()
        for sha256 in filter(None, (each.sha256, each.state_sha256)):
            if not _is_named(sha256):
                store.delete(sha256)


def _is_named(sha256: str) -> bool:
    rows = MergeRange.objects
    return rows.filter(sha256=sha256).exists() or rows.filter(state_sha256=sha256).exists()


def _chunks(header: bytes, parts: Sequence[tuple[MergeRange, str]]) -> Iterator[bytes]:
    yield header
    for part, sha256 in parts:
        try:
            yield from _bytes_of(sha256)
        except (BlobMissing, BlobMismatch) as error:
            raise PartLost(part) from error


def _bytes_of(sha256: str) -> Iterator[bytes]:
    intake = Intake(expected_sha256=sha256, max_bytes=None)
    with get_store("ranges").open(sha256) as file:
        yield from intake.passing(iter(lambda: file.read(CHUNK), b""))
    intake.blob()
