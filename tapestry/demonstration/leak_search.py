"""Searches everything that the coordinator wrote for sentences that must never have reached it (INV-1)."""

import mmap
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from catalog.tiers import RULES, Tier
from tapestry.demonstration.consortium import Consortium
from tapestry.demonstration.facts import corpus_path, file_facts
from tapestry.embedded.postgres import binaries

SHORTEST: Final = 40
"""Characters: shorter lines (headings, numbers of articles) may stand in any text."""
OWN: Final = ("nodes", "resting")
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


def guarded_words(consortium: Consortium) -> list[str]:
    """Return what describes private entries: every text of their records, and the hashes of their files."""
    words: list[str] = []
    for entry in consortium.entries:
        if entry.tier is Tier.PRIVATE:
            words += [
                text for part in (entry.title, entry.summary, entry.description) for text in part.values()
            ]
            words += [file_facts(corpus_path(Path(name).stem)).sha256 for name in entry.files]
    return words


def search(var: Path, sentences: Iterable[str]) -> Searched:
    """Look for each sentence, as UTF-8 and as JSON escapes it, in every file of the coordinator's."""
    return _search_files(_coordinators_files(var), list(sentences))


def search_database(url: str, sentences: Iterable[str]) -> Searched:
    """Look for each sentence in a dump of the database: in its files, long values are compressed.

    Raises:
        subprocess.CalledProcessError: the database could not be dumped.
    """
    with TemporaryDirectory() as folder:
        dump = Path(folder) / "database.sql"
        program = str(binaries() / "pg_dump")
        subprocess.run([program, "--file", str(dump), "--dbname", url], check=True)
        return _search_files([dump], list(sentences))


def _search_files(paths: Iterable[Path], sentences: Sequence[str]) -> Searched:
    needles = [(sentence, form) for sentence in sentences for form in _forms(sentence)]
    files = size = 0
    found: list[tuple[Path, str]] = []
    for path in paths:
        try:
            opened = path.open("rb")
        except FileNotFoundError:  # a running program tidies up
            continue
        with opened as file:
            length = file.seek(0, 2)
            if not length:
                continue
            with mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ) as content:
                found += [(path, sentence) for sentence, form in needles if content.find(form) >= 0]
        files, size = files + 1, size + length
    return Searched(files, size, len(set(sentences)), tuple(found))


def _forms(sentence: str) -> set[bytes]:
    # The middle of the line: the start may be cut off by a page boundary, the ends by trimming.
    core = sentence[4:-4]
    return {core.encode(), core.encode("unicode_escape")}


def _coordinators_files(var: Path) -> Iterator[Path]:
    for path in sorted(var.rglob("*")):
        inside = path.relative_to(var)
        if inside.parts[0] not in OWN and path.is_file() and not path.is_symlink():
            yield path
