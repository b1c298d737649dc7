"""A merge in ranges of elements: part files that several workers write, and one that joins them."""

import itertools
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.merge.inputs import Inputs, Span, opened_inputs
from training.merge.output import HashedFile
from training.merge.plan import MergePlan
from training.merge.resolving import Resolved
from training.merge.spans import merge_span
from training.merge.state import state_header
from training.merge.sums import Sums
from training.tensors import LayoutError

_COPIED: Final = 1 << 20  # bytes at a time


@dataclass(frozen=True, slots=True)
class Joined:
    """What was joined: hash and size in bytes of the next base, hash of the server's state or empty."""

    sha256: str
    bytes: int
    state_sha256: str


def ranges_of(elements: int, count: int) -> list[Span]:
    """Return at most ``count`` spans that together are all elements, of the same length to within one."""
    cuts = [elements * number // count for number in range(count + 1)]
    return [(start, stop) for start, stop in itertools.pairwise(cuts) if start < stop]


def write_part(
    inputs: Inputs,
    resolved: Resolved,
    span: Span,
    part: Path,
    state_part: Path | None = None,
    *,
    evidence: bool = True,
) -> Sums:
    """Write the bytes of a span of the next base, and of the server's state, to files of their own.

    Each file is complete or not there, so a worker that died is simply asked again. Raises as `merge_span`.
    """
    with ExitStack() as stack:
        target = stack.enter_context(HashedFile(part))
        kept = stack.enter_context(HashedFile(state_part)) if state_part else None
        write_state = kept.write if kept else target.write
        return merge_span(inputs, resolved, span, target.write, write_state, evidence=evidence)


def join(
    plan: MergePlan,
    parts: Sequence[Path],
    out: Path,
    *,
    state_parts: Sequence[Path] = (),
    state_out: Path | None = None,
) -> Joined:
    """Write the base's header and all parts, in the order of their spans, to ``out``; likewise the state.

    Raises:
        LayoutError: ``truncated`` or ``size-mismatch``: parts are missing, or there are too many.
        OSError: reading or writing failed; each output is complete or untouched, and ``out`` appears last.
    """
    with ExitStack() as stack:
        inputs = stack.enter_context(opened_inputs(plan))
        data_bytes = inputs.base.layout.data_bytes
        target = stack.enter_context(HashedFile(out))
        kept = stack.enter_context(HashedFile(state_out)) if plan.arrays and state_out else None
        _append(target, inputs.base.header, parts, data_bytes)
        if kept:
            header = state_header(plan, inputs.elements)
            _append(kept, header, state_parts, data_bytes * len(plan.arrays))
    return Joined(target.sha256, target.bytes, kept.sha256 if kept else "")


def _append(target: HashedFile, header: bytes, parts: Sequence[Path], data_bytes: int) -> None:
    target.write(header)
    buffer = bytearray(_COPIED)
    for part in parts:
        with part.open("rb", buffering=0) as file:
            while count := file.readinto(buffer):
                target.write(memoryview(buffer)[:count])
    written = target.bytes - len(header)
    if written != data_bytes:
        raise LayoutError(
            "truncated" if written < data_bytes else "size-mismatch",
            f"the parts have {written} bytes, not {data_bytes}",
        )
