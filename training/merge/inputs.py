"""The files of a merge, open, checked against each other, and read side by side."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training import codecs
from training.codecs import CodecError, Decoded
from training.merge.errors import MergeError
from training.merge.plan import MergePlan
from training.merge.state import check_state
from training.merge.streams import AT_ONCE, F32, Found, InOrderOf, Source, Stream, look_over, opened
from training.tensors import TensorLayout

CHUNK_BYTES: Final = 1 << 19
"""Of each file at a time: steps long enough for two threads not to wait for each other's Python."""

Span = tuple[int, int]
"""Elements from the first number to before the second, in the order of the base's file."""
Rows = NDArray[np.float32]


class Inputs:
    """The base, the updates and the server's state of a plan, as elements in the order of the base's file."""

    def __init__(
        self,
        plan: MergePlan,
        base: Stream,
        updates: Sequence[Source],
        state: Stream | None,
        *,
        pool: Executor,
        chunk_bytes: int,
    ) -> None:
        self.plan = plan
        self.base = base
        self._pool = pool
        self._updates, self._state, self._chunk_bytes = updates, state, chunk_bytes
        self._ends = list(accumulate(tensor.elements for tensor in base.layout.tensors))

    @property
    def elements(self) -> int:
        """Number of elements of the base."""
        return self.base.elements

    @property
    def whole(self) -> Span:
        """All elements."""
        return 0, self.elements

    def over_updates(self, span: Span, look: Callable[[int, Rows], Found]) -> Iterator[Found]:
        """Yield what ``look`` finds in (first element, updates' values), chunk by chunk: `look_over`."""
        return look_over(self._updates, span, self._chunk_bytes, self._pool, look)

    def over_all(self, span: Span, look: Callable[[int, Rows], Found]) -> Iterator[Found]:
        """Yield as `over_updates` does, with the base in row 0."""
        return look_over([self.base, *self._updates], span, self._chunk_bytes, self._pool, look)

    def state(self, start: int, count: int) -> Rows:
        """Return the server's state, shape (arrays, elements): the parent's, or zeros."""
        arrays = len(self.plan.arrays)
        found = np.zeros((count, arrays), F32)
        if self._state is not None:
            self._state.fill(found.ravel(), start * arrays)
        return np.ascontiguousarray(found.T)

    def tensor_at(self, element: int) -> str:
        """Return the name of the tensor that holds an element."""
        return self.base.layout.tensors[bisect_right(self._ends, element)].name

    def refuse_non_finite(self, start: int, deltas: Rows) -> None:
        """Raise MergeError, non-finite, for the first update here that holds a NaN or an infinity."""
        finite = np.isfinite(deltas)
        if finite.all():
            return
        row, column = np.unravel_index(int(np.argmin(finite)), finite.shape)
        digest, tensor = self.plan.digests[int(row)], self.tensor_at(start + int(column))
        raise MergeError("non-finite", f"contribution {digest} holds a NaN or an infinity in {tensor!r}")


@contextmanager
def opened_inputs(plan: MergePlan, chunk_bytes: int = CHUNK_BYTES) -> Iterator[Inputs]:
    """Open and check the files of a plan for as long as the block runs.

    Raises:
        MergeError: layout-mismatch, dtype-mismatch, codec-mismatch, state-mismatch.
        LayoutError: a file is not safetensors. OSError.
    """
    with ExitStack() as stack:
        stack.enter_context(_codec_errors())
        base = stack.enter_context(opened(plan.base))
        _check_base(base.layout)
        updates: list[Source] = []
        for digest, path in plan.updates.items():
            update = stack.enter_context(codecs.opened(path))
            _check_update(base.layout, update, digest, plan.codec)
            # fp32 has the base's places: one stretch of bytes, however many tensors there are.
            is_same = plan.codec == "fp32"
            updates.append(stack.enter_context(opened(path)) if is_same else InOrderOf(update, base.layout))
        state = None if plan.state is None else stack.enter_context(opened(plan.state))
        if state is not None:
            check_state(state.layout, plan, base.elements)
        # Last, so that what still reads ends before a file is closed.
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        yield Inputs(plan, base, updates, state, pool=pool, chunk_bytes=chunk_bytes)


def _check_base(base: TensorLayout) -> None:
    if not base.data_bytes:
        raise MergeError("layout-mismatch", "a base without a single value cannot be merged")
    for tensor in base.tensors:
        if tensor.dtype.name != "F32":
            raise MergeError("dtype-mismatch", f"{tensor.name!r} is {tensor.dtype.name}, a base is float32")


def _check_update(base: TensorLayout, update: Decoded, digest: str, codec: str) -> None:
    """Raise MergeError unless an update has the base's tensors in the codec."""
    if update.codec != codec:
        raise MergeError("codec-mismatch", f"contribution {digest} is in {update.codec}, not in {codec}")
    shapes = {tensor.name: tensor.shape for tensor in base.tensors}
    differing = [
        name for name in shapes.keys() | update.shapes.keys() if shapes.get(name) != update.shapes.get(name)
    ]
    # Elsewhere tensors are found by name; fp32 keeps the base's places, as it always did.
    if codec == "fp32" and not differing:
        places = {tensor.name: tensor.begin for tensor in base.tensors}
        differing = [tensor.name for tensor in update.layout.tensors if places[tensor.name] != tensor.begin]
    if differing:
        raise MergeError(
            "layout-mismatch", f"contribution {digest} has not the base's {min(differing)[:200]!r}"
        )


@contextmanager
def _codec_errors() -> Iterator[None]:
    try:
        yield
    except CodecError as error:
        raise MergeError("codec-mismatch", str(error)) from error
