"""Which files came, went, were renamed, or hold other bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Listed(Protocol):
    """A file of a manifest: a row of a version, or an entry of a proposal."""

    @property
    def path(self) -> str:
        """Where it is inside the entry."""

    @property
    def sha256(self) -> str:
        """Hex digest of its bytes."""

    @property
    def bytes(self) -> int:
        """Its size."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file; the side that is missing is None. A renamed one has the same bytes under another path."""

    before: Listed | None
    after: Listed | None

    @property
    def path(self) -> str:
        """Where it is now, or was."""
        here = self.after or self.before
        return here.path if here else ""

    @property
    def verb(self) -> str:
        """`added`, `removed`, `renamed` or `changed`."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "renamed" if self.before.sha256 == self.after.sha256 else "changed"


@dataclass(frozen=True, slots=True)
class FileDifference:
    """The changes in the order of the paths, and how many files stayed as they were."""

    changes: tuple[FileChange, ...]
    unchanged: int

    def count(self, verb: str) -> int:
        """Return how many changes are of this kind."""
        return sum(change.verb == verb for change in self.changes)


def compare_files(before: Iterable[Listed], after: Iterable[Listed]) -> FileDifference:
    """Compare two manifests; a file that went and one that came with the same sha256 are one that moved."""
    old, new = {file.path: file for file in before}, {file.path: file for file in after}
    both = old.keys() & new.keys()
    gone = {path: old[path] for path in sorted(old.keys() - both)}
    came = {path: new[path] for path in sorted(new.keys() - both)}
    changes = [
        *(FileChange(old[path], new[path]) for path in both if old[path].sha256 != new[path].sha256),
        *_moved(gone, came),
    ]
    changes += [FileChange(file, None) for file in gone.values()]
    changes += [FileChange(None, file) for file in came.values()]
    same = sum(old[path].sha256 == new[path].sha256 for path in both)
    return FileDifference(tuple(sorted(changes, key=lambda change: change.path)), same)


def _moved(gone: dict[str, Listed], came: dict[str, Listed]) -> list[FileChange]:
    """Take the files that moved out of both sides."""
    by_hash: dict[str, list[Listed]] = {}
    for file in reversed(gone.values()):
        by_hash.setdefault(file.sha256, []).append(file)
    moved = []
    for file in list(came.values()):
        if by_hash.get(file.sha256):
            left = by_hash[file.sha256].pop()
            moved.append(FileChange(left, file))
            del gone[left.path], came[file.path]
    return moved
