"""Two people's answers become one record: what only one of them changed is taken, the rest they settle.

Pure: no Django, no database. What somebody was shown is remembered by digests, because a form carries it
through a browser: whether an answer is still the one shown is all that a three-way merge asks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from provenance.signing.canonical import canonicalize

DEEPEST: Final = 3  # names in a path, as in ``collection.period.start``; what is deeper merges as a whole
HEX_DIGITS: Final = 16  # of a digest: it tells two answers of one person apart, and guards nothing
UNANSWERED: Final[tuple[Any, ...]] = (None, "", [], {})
Path = tuple[str, ...]
Shown = Mapping[str, Any]  # a digest for each answer, in the shape of the record


class Choice(StrEnum):
    """What somebody who saw both answers said: take the saved one, take theirs, or nothing yet."""

    SAVED = "saved"
    MINE = "mine"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer that both changed, each in their way; None stands for "not answered"."""

    path: Path
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """A record, and what could not be merged: there the record holds theirs."""

    record: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge(
    base: Shown,
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    choices: Mapping[Path, Choice] | None = None,
) -> Merged:
    """Merge two records that were made from the one that ``base`` (``shown`` of it) remembers.

    Parts such as ``rights`` merge inside, a list is one answer. Empty answers are left out. ``choices``
    settle single answers: "mine" holds only while theirs is still the one in ``base``, which the chooser saw.
    """
    record: dict[str, Any] = {}
    clashes = []
    for clash, before in _side_by_side((), base, theirs, mine):
        choice = (choices or {}).get(clash.path)
        kept = _settled(clash, before, choice)
        if kept is _UNSETTLED:
            clashes.append(clash)
            kept = clash.theirs
        _put(record, clash.path, kept)
    return Merged(record, tuple(clashes))


def shown(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digests of a record's answers, in its shape; what is not answered has none."""
    return _told(record, 0) or {}


def shown_beside(mine: Mapping[str, Any], clashes: Iterable[Clash]) -> dict[str, Any]:
    """Return what a page shows that still holds ``mine``, with the saved answers of clashes beside it.

    Where others changed what the page did not, it goes on to show the older answer: so no later save of the
    page takes that for a change of its own.
    """
    told = shown(mine)
    for clash in clashes:
        _put(told, clash.path, _told(clash.theirs, len(clash.path)))
    return told


def is_shown(value: Any, depth: int = 0) -> bool:
    """Tell whether what came back from a browser has the form that ``shown`` returns."""
    if isinstance(value, str):
        return depth > 0 and len(value) == HEX_DIGITS
    return isinstance(value, dict) and depth < DEEPEST and all(is_shown(v, depth + 1) for v in value.values())


_UNSETTLED: Final = object()


def _settled(both: Clash, before: Any, choice: Choice | None) -> Any:
    """Return the answer that holds, None for none; ``_UNSETTLED`` where somebody has to choose."""
    depth = len(both.path)
    theirs, mine = _told(both.theirs, depth), _told(both.mine, depth)
    if theirs == mine or choice is Choice.SAVED:
        return both.theirs
    if theirs == before and choice in (None, Choice.MINE):
        return both.mine
    return both.theirs if mine == before and choice is None else _UNSETTLED


def _side_by_side(path: Path, base: Any, theirs: Any, mine: Any) -> Iterator[tuple[Clash, Any]]:
    """Yield each answer with both sides, and what was shown of it."""
    parts = [side for side in (theirs, mine) if side not in UNANSWERED]
    if len(path) < DEEPEST and parts and all(isinstance(side, Mapping) for side in parts):
        known = base if isinstance(base, Mapping) else {}
        for name in dict.fromkeys(name for part in parts for name in part):
            inner = ((side or {}).get(name) for side in (theirs, mine))
            yield from _side_by_side((*path, name), known.get(name), *inner)
    elif path:
        yield Clash(path, *(None if side in UNANSWERED else side for side in (theirs, mine))), base


def _told(value: Any, depth: int) -> Any:
    """Return the digest of an answer, those of its parts where it has any; None for an empty one."""
    if isinstance(value, Mapping) and depth < DEEPEST:
        inner = {name: told for name, each in value.items() if (told := _told(each, depth + 1)) is not None}
        return inner or None
    return None if value in UNANSWERED else hashlib.sha256(canonicalize(value)).hexdigest()[:HEX_DIGITS]


def _put(record: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at a path; None leaves nothing there."""
    *parents, last = path
    for name in parents if value is not None else ():
        record = record.setdefault(name, {})
    if value is not None:
        record[last] = value
        return
    for name in parents:
        record = record.get(name, {})
    record.pop(last, None)
