"""What changed from one version to the next, in the words of the record and of its files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.datasets.models import DatasetFile
from catalog.pages.records import Label, Line, rows_of


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is another now; no lines stand for "nothing"."""

    label: Label
    before: tuple[Line, ...]
    after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that came, went, or holds other bytes; a missing side is None."""

    path: str
    before: DatasetFile | None
    after: DatasetFile | None

    @property
    def verb(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the answers that differ, in the order of the record."""
    pairs = zip(rows_of(before), rows_of(after), strict=True)
    return [Change(new.label, old.lines, new.lines) for old, new in pairs if old.lines != new.lines]


def changed_files(before: Iterable[DatasetFile], after: Iterable[DatasetFile]) -> list[FileChange]:
    """Return the files that differ by path or hash, ordered by path."""
    old = {file.path: file for file in before}
    new = {file.path: file for file in after}
    return [
        FileChange(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if path not in old or path not in new or old[path].sha256 != new[path].sha256
    ]
