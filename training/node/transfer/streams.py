"""Several threads at one piece of work, of which the first failure is everybody's."""

import threading
from collections.abc import Callable


class Streams:
    """Runs one function in several threads until all return.

    The first exception stops the others at their next look at ``failed``, and is raised by ``run``.
    """

    def __init__(self, count: int) -> None:
        self.failed = threading.Event()
        self._count = count
        self._error: BaseException | None = None

    def run(self, work: Callable[[], None], *, beside: Callable[[], None] | None = None) -> None:
        """Run ``work`` in each thread, and ``beside`` in this one; raises the first error of any."""
        threads = [threading.Thread(target=self._guarded, args=(work,)) for _ in range(self._count)]
        for thread in threads:
            thread.start()
        if beside is not None:
            self._guarded(beside)
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
            if self._error is None:
                self._error = error
            self.failed.set()
