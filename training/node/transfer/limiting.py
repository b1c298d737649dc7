"""A bound on bytes per second over all streams of a node together."""

import threading
import time
from typing import Final

CHUNK: Final = 1 << 20
_SLICES: Final = 8  # a second: at low rates chunks are small enough to flow evenly


class Bucket:
    """A token bucket that holds one chunk: who comes early waits in line. A rate of 0 bounds nothing."""

    def __init__(self, bytes_per_second: int = 0) -> None:
        self.rate = bytes_per_second
        self.chunk = max(min(CHUNK, bytes_per_second // _SLICES), 1) if bytes_per_second else CHUNK
        self._next = 0.0
        self._lock = threading.Lock()

    def take(self, count: int, stopping: threading.Event) -> None:
        """Wait until `count` bytes may pass, or until `stopping` is set."""
        if not self.rate:
            return
        with self._lock:
            now = time.monotonic()
            begin = max(self._next, now)
            self._next = begin + count / self.rate
        if begin > now:
            stopping.wait(begin - now)
