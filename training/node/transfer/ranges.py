"""Which bytes of a file are still to come, shared by several streams and kept across a death."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LEAST: Final = 8 << 20
MOST: Final = 256 << 20
SAVE_EVERY: Final = 32 << 20  # bytes: the most that comes twice after a kill


@dataclass(slots=True, eq=False)
class Stretch:
    """Bytes [at, end) that one stream is fetching; ``at`` moves on as they come."""

    at: int
    end: int


class Ranges:
    """The stretches of a file of ``size`` bytes for ``streams`` streams; all methods are safe in threads.

    A stream takes half of its share of what nobody has taken yet: long stretches first, because between two
    a line is idle for a round trip, and short ones last, so that all streams end together.
    ``path`` keeps what is missing; after a kill it names more than is missing, never less.
    """

    def __init__(self, path: Path, size: int, streams: int) -> None:
        self._path, self._size, self._streams = path, size, streams
        self._lock = threading.Condition()
        self._busy: list[Stretch] = []
        self._unsaved = 0
        self._gaps = _load(path, size)
        self.resumed = self._gaps != _whole(size)

    def take(self) -> Stretch | None:
        """Return the next stretch, None when every byte is here or on its way."""
        with self._lock:
            if not self._gaps:
                return None
            left = sum(end - begin for begin, end in self._gaps)
            share = min(max(left // (2 * self._streams), LEAST), MOST)
            begin, end = self._gaps[0]
            stretch = Stretch(begin, min(begin + share, end))
            self._gaps[:1] = [(stretch.end, end)] if stretch.end < end else []
            self._busy.append(stretch)
            return stretch

    def advance(self, stretch: Stretch, count: int) -> None:
        """Note that the next ``count`` bytes of the stretch are in the file."""
        with self._lock:
            stretch.at += count
            self._unsaved += count
            if self._unsaved >= SAVE_EVERY:
                self._save()
            self._lock.notify_all()

    def give_back(self, stretch: Stretch) -> None:
        """End a stretch; what it lacks is taken by whoever asks next."""
        with self._lock:
            self._busy.remove(stretch)
            if stretch.at < stretch.end:
                self._gaps = sorted([*self._gaps, (stretch.at, stretch.end)])

    def save(self) -> None:
        """Write down what is missing. Raises OSError."""
        with self._lock:
            self._save()

    def beyond(self, offset: int, seconds: float) -> int:
        """Return the end of the bytes from 0 that are here; waits up to ``seconds`` for one after offset."""
        with self._lock:
            self._lock.wait_for(lambda: self._prefix() > offset, seconds)
            return self._prefix()

    @property
    def complete(self) -> bool:
        """Whether every byte is here."""
        with self._lock:
            return not self._missing()

    def _prefix(self) -> int:
        return min((begin for begin, _ in self._missing()), default=self._size)

    def _missing(self) -> list[tuple[int, int]]:
        going = [(stretch.at, stretch.end) for stretch in self._busy if stretch.at < stretch.end]
        return sorted([*self._gaps, *going])

    def _save(self) -> None:
        self._unsaved = 0
        draft = self._path.with_name(f"{self._path.name}.new")
        draft.write_text(json.dumps({"size": self._size, "missing": self._missing()}))
        draft.replace(self._path)


def _whole(size: int) -> list[tuple[int, int]]:
    return [(0, size)] if size else []


def _load(path: Path, size: int) -> list[tuple[int, int]]:
    """Return the gaps that the file names; everything, if it names nothing usable."""
    try:
        kept = json.loads(path.read_text())
        gaps = [(int(begin), int(end)) for begin, end in kept["missing"]]
    except (OSError, ValueError, TypeError, KeyError):
        return _whole(size)
    usable = kept["size"] == size and all(0 <= begin < end <= size for begin, end in gaps)
    return sorted(gaps) if usable else _whole(size)
