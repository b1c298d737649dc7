"""Facts of the demonstration, computed from the corpora themselves: nothing here is typed in by hand."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from tapestry.demonstration.consortium import Consortium

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent
CORPORA = HERE / "corpora"
# Shares are given in ten-thousandths, so that they can be made to sum to one exactly.
PARTS = 10_000


class FileFacts(NamedTuple):
    """One file: hex SHA-256 of its bytes, its size in bytes, its records (paragraphs, one a line)."""

    sha256: str
    bytes: int
    records: int


class LanguageShare(TypedDict):
    """A BCP 47 tag and its share of the bytes, 0 to 1, to four decimals."""

    tag: str
    share: float


def load_consortium() -> Consortium:
    """Read `consortium.json`, check it and that each file it names is there.

    Raises:
        pydantic.ValidationError: A field, a tier's rule or a cross-reference is wrong.
        FileNotFoundError: A dataset or a node names a corpus that is not there.
    """
    consortium = Consortium.model_validate_json((HERE / "consortium.json").read_bytes())
    named = [name for entry in consortium.entries for name in entry.files]
    named += [name for node in consortium.nodes for name in node.local_files]
    for name in named:
        corpus_path(Path(name).stem)
    return consortium


def corpus_path(tag: str) -> Path:
    """Return the text in this language (BCP 47 tag).

    Raises:
        FileNotFoundError: The demonstration has no text in it.
    """
    path = CORPORA / f"{tag}.txt"
    if not path.is_file():
        raise FileNotFoundError(f"the demonstration has no corpus in {tag!r}")
    return path


def file_facts(path: Path) -> FileFacts:
    """Measure one corpus."""
    content = path.read_bytes()
    return FileFacts(hashlib.sha256(content).hexdigest(), len(content), content.count(b"\n"))


def language_shares(files: Iterable[str | Path]) -> list[LanguageShare]:
    """Return each language's share of the files' bytes, largest first; the shares sum to one.

    Args:
        files: Corpora by file name or path; the stem is the language's tag.

    Raises:
        FileNotFoundError: A file is none of the demonstration's corpora.
        ValueError: No file was given.
    """
    sizes = Counter[str]()
    for file in files:
        tag = Path(file).stem
        sizes[tag] += corpus_path(tag).stat().st_size
    total = sizes.total()
    if not total:
        raise ValueError("no file, so no shares")
    parts = {tag: size * PARTS // total for tag, size in sizes.items()}
    # What rounding down left over goes to the largest remainders, one part each.
    remainders = sorted(sizes, key=lambda tag: sizes[tag] * PARTS % total, reverse=True)
    for tag in remainders[: PARTS - sum(parts.values())]:
        parts[tag] += 1
    ranked = sorted(parts, key=lambda tag: (-parts[tag], tag))
    return [{"tag": tag, "share": parts[tag] / PARTS} for tag in ranked]
