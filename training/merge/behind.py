"""Steps that run beside the arithmetic: numpy, hashing, reading and writing all let other threads run."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import TracebackType
from typing import Generic, Self, TypeVar

Data = TypeVar("Data")


class Behind(Generic[Data]):
    """Does a step with what was given to it, one behind: the next call waits for it, and so does the end.

    Steps run in order, one at a time. What one raises, the next call raises, or the end of the block.
    """

    def __init__(self, pool: Executor, step: Callable[[Data], object]) -> None:
        self._pool, self._step = pool, step
        self._pending: Future[object] | None = None

    def __call__(self, data: Data) -> None:
        """Begin the step with these data, which nobody may change any more."""
        self._wait()
        self._pending = self._pool.submit(self._step, data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._wait()
        elif self._pending is not None:
            # The first error counts; but what was begun must not outlive the files it writes to.
            self._pending.exception()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
