"""What a proposal may know of files that stay here: hashes, sizes, and what was computed from them."""

import mimetypes
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from langcodes import Language, tag_is_valid

from training.node.own_data.listing import ListedFile, Progress, note
from training.node.transfer.limiting import CHUNK

LETTERS: Final = 2
"""Of the codes that are believed from a file's name: those of three are words as well (raw, new, all)."""
LINED: Final = ("text/", "application/json", "application/x-ndjson")
MEDIA_TYPES: Final = {".jsonl": "application/x-ndjson", ".parquet": "application/vnd.apache.parquet"}


def describe(files: Sequence[ListedFile], *, language: str = "") -> list[dict[str, Any]]:
    """Return ``{path, sha256, bytes, records, language, mediaType}`` for each file, read once, in chunks.

    Records are lines of text, 0 for what is no text. Without ``language`` (a BCP-47 tag for all files) a file
    named by a two-letter code, such as ``vi.txt`` or ``vi/letters.txt``, is taken to be in that language.
    """
    progress = Progress(list(files))
    return [_measure(file, language or language_of(file.name), progress) for file in files]


def language_of(name: str) -> str:
    """Return the language tag that a file or its nearest folder is named by; empty when neither is."""
    path = PurePosixPath(name)
    for part in (path.name.partition(".")[0], path.parent.name):
        if tag_is_valid(part) and len(Language.get(part).language or "") == LETTERS:
            return str(Language.get(part).to_tag())
    return ""


def media_type_of(name: str) -> str:
    """Return the media type that the name suggests."""
    known = MEDIA_TYPES.get(PurePosixPath(name).suffix.lower())
    return known or mimetypes.guess_type(name)[0] or "application/octet-stream"


def facts_about(files: Sequence[ListedFile], described: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return ``catalog.facts.EntryFacts`` of these files as JSON, each looked at in a bounded child process.

    The sketch is left out: it would tell whoever knows a text whether it is among these data. A file that can
    not be inspected is named in a remark, with the reason.
    """
    from catalog.facts import FileRefused, Limits, combine, inspect_in_child

    found, remarks, progress = [], [], Progress(list(files))
    languages = tuple(sorted({str(row["language"]) for row in described if row["language"]}))
    for file, row in zip(files, described, strict=True):
        note(f"inspecting {file.name}")
        try:
            facts = inspect_in_child(
                file.path,
                name=file.name,
                media_type=row["mediaType"],
                languages=(row["language"],) if row["language"] else languages,
                limits=Limits(),
                preview_rows=0,
                progress=progress.of_one_file(),
            )
        except FileRefused as refused:
            note(f"{file.name}: {refused.message} [{refused.code}]")
            remarks.append({"code": refused.code, "message": f"{file.name}: {refused.message}"})
        else:
            found.append(facts)
    combined: dict[str, Any] = combine(found).model_dump(mode="json")
    return {**combined, "sketch": [], "remarks": [*combined["remarks"], *remarks]}


def _measure(file: ListedFile, language: str, progress: Progress) -> dict[str, Any]:
    hasher, size, lines, last = sha256(), 0, 0, b"\n"
    with file.path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            hasher.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            progress.advance(len(chunk))
    kind = media_type_of(file.name)
    return {
        "path": file.name,
        "sha256": hasher.hexdigest(),
        "bytes": size,
        "records": lines + (last != b"\n") if kind.startswith(LINED) else 0,
        "language": language,
        "mediaType": kind,
    }
