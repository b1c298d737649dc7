"""Files that are whole after any death: written beside, flushed, renamed; or appended line by line."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from training.node.errors import Held


def write_whole(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Put ``text`` (UTF-8) at ``path``: a reader, and the next start, sees the old file or the new one."""
    draft = path.with_name(f".{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    flush_folder(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add one line in one write; a death in the middle leaves at most a last line that is cut short."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make names in ``folder`` survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_one(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock at ``path`` while inside; the system lets it go with the process, however that ends.

    Raises:
        Held: ``other-job-runs`` when another process holds it and ``wait`` is not asked for.
    """
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Held("other-job-runs", f"another process of this node holds {path.name}") from None
        yield
