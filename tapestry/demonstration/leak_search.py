"""Searches everything that the coordinator wrote for sentences that must never have reached it (INV-1)."""

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.tiers import RULES
from tapestry.demonstration.consortium import Consortium
from tapestry.demonstration.facts import corpus_path

SHORTEST: Final = 40
"""Characters: shorter lines (headings, numbers of articles) may stand in any text."""
OWN: Final = ("nodes", "owners")
"""Folders under var that stand for the members' own machines."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was looked at, and where a sentence was found (path, the sentence)."""

    files: int
    bytes: int
    sentences: int
    found: tuple[tuple[Path, str], ...]


def guarded_sentences(consortium: Consortium) -> list[str]:
    """Return every longer line of each corpus whose bytes the coordinator must never hold."""
    lines: list[str] = []
    for entry in consortium.entries:
        if not RULES[entry.tier].coordinator_may_store_bytes:
            for name in entry.files:
                text = corpus_path(Path(name).stem).read_text(encoding="utf-8")
                lines += [line for line in text.splitlines() if len(line) >= SHORTEST]
    return lines


def search(var: Path, sentences: Iterable[str]) -> Searched:
    """Look for each sentence, as UTF-8 and as JSON escapes it, in every file of the coordinator's."""
    needles = [(sentence, form) for sentence in sentences for form in _forms(sentence)]
    files = size = 0
    found: list[tuple[Path, str]] = []
    for path in _coordinators_files(var):
        files += 1
        size += path.stat().st_size
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found += [(path, sentence) for sentence, form in needles if content.find(form) >= 0]
    return Searched(files, size, len({sentence for sentence, _ in needles}), tuple(found))


def _forms(sentence: str) -> set[bytes]:
    # The middle of the line: the start may be cut off by a page boundary, the ends by trimming.
    core = sentence[4:-4]
    return {core.encode(), core.encode("unicode_escape")}


def _coordinators_files(var: Path) -> Iterator[Path]:
    for path in sorted(var.rglob("*")):
        inside = path.relative_to(var)
        if inside.parts[0] not in OWN and path.is_file() and not path.is_symlink() and path.stat().st_size:
            yield path
