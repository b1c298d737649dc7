"""What changed from one version to another, in the words of the record, word by word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.lifecycle.comparison import Changed, Comparison
from catalog.lifecycle.files import FileChange, FileDifference
from catalog.lifecycle.wording import Mark, Piece, mark_words
from catalog.pages.answers import Line
from catalog.pages.records import Label, rows_of

MOST_FILES: Final = 200
NAMES: Final[Mapping[str, str | Promise]] = {
    "bytes": _("Bytes"),
    "records": _("Records"),
    "unpacked_bytes": _("Bytes, unpacked"),
    "tokens.count": _("Tokens"),
    "encoding_errors": _("Errors of encoding"),
    "exact_duplicates": _("Share of exact repetitions"),
    "near_duplicates": _("Share of near repetitions"),
}


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One value with what is new or gone in it; texts of stewards carry their language and direction."""

    tag: str
    direction: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is another now; no lines stand for "nothing"."""

    label: Label
    before: tuple[MarkedLine, ...]
    after: tuple[MarkedLine, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A comparison as templates/pages/datasets/difference.html shows it."""

    changes: tuple[Change, ...]
    numbers: tuple[tuple[str | Promise, Changed], ...]
    files: FileDifference | None
    withheld: bool

    @property
    def files_shown(self) -> Sequence[FileChange]:
        """The first changes of files."""
        return self.files.changes[:MOST_FILES] if self.files else ()

    @property
    def files_more(self) -> int:
        """How many changes of files the page leaves out."""
        return len(self.files.changes) - len(self.files_shown) if self.files else 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.changes or self.numbers or self.files_shown)


def difference_of(comparison: Comparison) -> Difference:
    """Put a comparison into words."""
    numbers = (*comparison.totals, *(each for each in comparison.facts if each.path != "records"))
    return Difference(
        changes=tuple(changed_answers(*comparison.records)),
        numbers=tuple((NAMES[each.path], each) for each in numbers),
        files=comparison.files,
        withheld=comparison.withheld,
    )


def changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the answers that differ, in the order of the record; whose affirmation it is does not count."""
    for old, new in zip(rows_of(before), rows_of(after), strict=True):
        if old.lines != new.lines:
            yield Change(new.label, *_marked(old.lines, new.lines))


def _marked(
    old: Sequence[Line], new: Sequence[Line]
) -> tuple[tuple[MarkedLine, ...], tuple[MarkedLine, ...]]:
    """Compare texts of the same language word by word, and lists item by item."""
    single = max(len(old), len(new)) == 1
    if single or all(line.direction for line in (*old, *new)):
        earlier, later = ({line.tag if not single else "": line for line in lines} for lines in (old, new))
        return (
            tuple(_worded(line, later.get(key), Mark.REMOVED) for key, line in earlier.items()),
            tuple(_worded(line, earlier.get(key), Mark.ADDED) for key, line in later.items()),
        )
    return tuple(_listed(old, new, Mark.REMOVED)), tuple(_listed(new, old, Mark.ADDED))


def _worded(line: Line, other: Line | None, mark: Mark) -> MarkedLine:
    if other is None:
        return MarkedLine(line.tag, line.direction, (Piece(mark, line.text),))
    sides = (line.text, other.text) if mark is Mark.REMOVED else (other.text, line.text)
    pieces = tuple(piece for piece in mark_words(*sides) if piece.mark in {Mark.SAME, mark})
    return MarkedLine(line.tag, line.direction, pieces)


def _listed(lines: Iterable[Line], others: Iterable[Line], mark: Mark) -> Iterator[MarkedLine]:
    known = {line.text for line in others}
    for line in lines:
        kept = Mark.SAME if line.text in known else mark
        yield MarkedLine(line.tag, line.direction, (Piece(kept, line.text),))
