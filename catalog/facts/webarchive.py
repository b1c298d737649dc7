"""WARC files (ISO 28500): their records, and the text in them."""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from catalog.facts.errors import FileRefused
from catalog.facts.gathering import Gathering
from catalog.facts.unpacking import Reader

_WITH_TEXT: Final = frozenset({"response", "resource", "conversion"})
_HIDDEN: Final = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")


def read_warc(source: Iterator[bytes], into: Gathering) -> None:
    """Count records and take the text of responses, resources and conversions in.

    Raises:
        FileRefused: ``warc-broken`` where not even one record can be read.
    """
    binary = into.leaf(source, "warc")
    before, count = into.text_bytes, 0
    texts = 0
    try:
        for record in ArchiveIterator(io.BufferedReader(Reader(binary)), arc2warc=False):
            count += 1
            if text := _text(record, into.budget.limits.longest_record):
                texts += into.observer.observe_texts([text])
    except (ArchiveLoadFailed, ValueError, EOFError, AttributeError) as error:
        if count == 0:
            raise FileRefused("warc-broken") from error
        into.remark("warc-truncated", f"{count} records were read.")
    for _ in binary:  # what stands behind a broken record still counts
        pass
    if count == 0:
        raise FileRefused("warc-broken")
    into.records += count
    into.text_bytes = before + texts


def _text(record: Any, longest: int) -> str:
    if record.rec_type not in _WITH_TEXT:
        return ""
    headers = record.http_headers or record.rec_headers
    media_type = (headers.get_header("Content-Type") or "").lower()
    if not media_type.startswith("text/"):
        return ""
    text = record.content_stream().read(longest).decode("utf-8", "replace")
    if "html" in media_type:
        text = _TAG.sub(" ", _HIDDEN.sub(" ", text))
    return " ".join(text.split())
