"""Facts about one file, in two passes over it: one for hash, size and validity, one for the contents."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog.facts.columnar import describe_head, preview
from catalog.facts.contents import read_content
from catalog.facts.counting import Counts, Progress, count_file
from catalog.facts.errors import FileRefused
from catalog.facts.gathering import Gathering, readable
from catalog.facts.languages import describe_languages
from catalog.facts.limits import INSPECTOR, Limits
from catalog.facts.model import CodeShare, FileFacts, Tokens
from catalog.facts.naming import has_deceptive_characters
from catalog.facts.personal import describe_personal_data
from catalog.facts.unpacking import Budget, chunks

TOKENIZER = "utf-8-bytes"


def inspect_file(
    path: Path,
    *,
    name: str,
    media_type: str = "",
    languages: Sequence[str] = (),
    limits: Limits | None = None,
    preview_rows: int = 0,
    progress: Progress | None = None,
) -> FileFacts:
    """Compute the facts about a file here and now; ``inspect_in_child`` is the bounded way.

    ``name`` is what people call the file, its ending a hint; ``languages`` are the declared BCP 47 tags;
    ``preview_rows`` first rows are returned; ``progress`` gets bytes done and in all, twice the file's size.

    Raises:
        FileRefused: with one of the codes of ``catalog.facts.errors``.
    """
    if has_deceptive_characters(name):
        raise FileRefused("unsafe-name")
    before = _stamp(path)
    size = before[0]
    digest, counts = count_file(path, progress=progress and (lambda done, total: progress(done, 2 * total)))
    if counts.size == 0:
        raise FileRefused("empty-file")
    if counts.blank:
        raise FileRefused("only-whitespace")
    with tempfile.TemporaryDirectory(prefix="facts-") as scratch:
        into = Gathering(Budget(limits or Limits(), packed=size), Path(scratch), ready=counts)
        with path.open("rb") as file:
            source = _watched(chunks(file), size, progress)
            read_content(source, name, into, media_type=media_type, path=path)
        describe_head(into)
    if _stamp(path) != before:
        raise FileRefused("file-changed")
    if into.unpacked_bytes == 0 or into.blank:
        raise FileRefused("only-whitespace" if into.unpacked_bytes else "empty-file")
    if progress:
        progress(2 * size, 2 * size)
    return _facts(into, name, digest, counts, languages, preview_rows)


def _facts(
    into: Gathering, name: str, digest: str, counts: Counts, languages: Sequence[str], preview_rows: int
) -> FileFacts:
    draw = into.observer.draw
    texts = [readable(record) for record in draw.records()]
    kind = into.formats.most_common(1)[0][0]
    return FileFacts(
        inspector=INSPECTOR,
        name=name,
        format="source-code" if _is_source_code(into) else kind,
        compression=into.compression,
        archive=into.archive,
        members=into.members,
        sha256=digest,
        bytes=counts.size,
        unpacked_bytes=into.unpacked_bytes,
        records=into.records,
        columns=into.columns,
        tokens=Tokens(tokenizer=TOKENIZER, count=into.text_bytes, exact=not into.encoding_errors),
        encoding_errors=into.encoding_errors,
        languages=describe_languages(texts, draw.seen, languages) if texts else None,
        duplicates=into.observer.duplicates(),
        personal_data=describe_personal_data(texts, draw.seen) if texts else None,
        licences=tuple(sorted(into.licences, key=lambda found: (found.expression, found.where))),
        code=tuple(
            CodeShare(language=key, files=n, bytes=size) for key, (n, size) in sorted(into.code.items())
        ),
        sketch=into.observer.sketcher.sketch(),
        preview=preview(into.rows, preview_rows),
        remarks=into.told(),
    )


def _is_source_code(into: Gathering) -> bool:
    return 2 * sum(size for _, size in into.code.values()) > into.unpacked_bytes


def _watched(source: Iterator[bytes], size: int, progress: Progress | None) -> Iterator[bytes]:
    done = 0
    for chunk in source:
        yield chunk
        done += len(chunk)
        if progress:
            progress(min(size + done, 2 * size), 2 * size)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise FileRefused("file-unreadable") from error
    return status.st_size, status.st_mtime_ns, status.st_ino
