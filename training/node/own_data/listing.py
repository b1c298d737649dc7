"""The files of one dataset on this machine: which ones count, and what is left out, said aloud."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from training.node.errors import JobError, Refused

EVERY: Final = 2.0  # seconds between two lines of progress


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A regular file: where it is, its path inside the dataset with ``/``, and its size in bytes."""

    path: Path
    name: str
    size: int


def list_files(folder: Path) -> list[ListedFile]:
    """Return the files of a dataset's folder, ordered by name.

    Left out, each with a line on standard error: hidden files and folders, links to folders, links that lead
    out of the dataset, and what is no regular file. A link to a file inside the dataset is that file.

    Raises:
        JobError: ``not-a-folder``.
        Refused: ``no-files``; ``name-unreadable``, for a name that is not UTF-8.
    """
    if not folder.is_dir():
        raise JobError("not-a-folder", f"{folder} is not a folder")
    found = sorted(_walk(folder, folder.resolve()), key=lambda file: file.name)
    if not found:
        raise Refused("no-files", f"{folder} holds no file")
    return found


def note(line: str) -> None:
    """Tell the operator something that is no part of the result."""
    sys.stderr.write(line + "\n")


class Progress:
    """Tells on standard error, every other second, how much of long work is done."""

    def __init__(self, files: list[ListedFile]) -> None:
        self._total = sum(file.size for file in files)
        self._done = 0
        self._told = time.monotonic()

    def advance(self, size: int) -> None:
        """Count ``size`` more bytes as done."""
        self._done += size
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            note(f"{self._done / 1e9:.2f} of {self._total / 1e9:.2f} GB read")

    def of_one_file(self) -> Callable[[int, int], None]:
        """Return what takes the bytes done of the next file, and its size, and counts them here."""
        before = self._done

        def reached(done: int, _size: int) -> None:
            self.advance(max(0, before + done - self._done))

        return reached


def _walk(folder: Path, root: Path) -> Iterator[ListedFile]:
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        here = Path(parent)
        for name in sorted(folders):
            if name.startswith(".") or (here / name).is_symlink():
                _leave_out(here / name, "a hidden folder" if name.startswith(".") else "a link to a folder")
        folders[:] = [n for n in folders if not n.startswith(".") and not (here / n).is_symlink()]
        for name in names:
            if reason := _why_not(here / name, root):
                _leave_out(here / name, reason)
            else:
                yield _listed(here / name, folder)


def _why_not(path: Path, root: Path) -> str:
    if path.name.startswith("."):
        return "a hidden file"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "a link that leads out of the dataset"
    return "" if path.is_file() else "no regular file"


def _listed(path: Path, folder: Path) -> ListedFile:
    name = path.relative_to(folder).as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        raise Refused("name-unreadable", f"{name!r} is not UTF-8; rename the file") from None
    return ListedFile(path, name, path.stat().st_size)


def _leave_out(path: Path, reason: str) -> None:
    note(f"left out: {os.fsencode(path).decode(errors='replace')} ({reason})")


def _refuse(error: OSError) -> None:
    raise JobError("folder-unreadable", str(error))
