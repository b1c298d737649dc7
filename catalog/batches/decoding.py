"""From bytes to text, without guessing more than the bytes tell."""

import codecs
from typing import Final

from django.utils.translation import gettext as _

from catalog.batches.table import LOST, MOST_BYTES, refusal

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS: Final = (
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old kind"),
    (b"\x1f\x8b", "a packed file"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"BZh", "a packed file"),
    (b"\xfd7zXZ", "a packed file"),
)
DESCRIPTIONS_ALONE: Final = "Here a table of descriptions is read, not the data that it describes."


def decode(data: bytes) -> str:
    """Return the text of a file: what its byte order mark says, else UTF-8, else Windows-1252.

    In what is UTF-8 but for some bytes, those become U+FFFD, so that the cells can be told that lost one.

    Raises:
        Invalid: codes ``table-too-large``, ``table-empty`` or ``not-a-table``.
    """
    if len(data) > MOST_BYTES:
        message = _("The file has more than %(n)d MiB.") % {"n": MOST_BYTES // 2**20}
        raise refusal("table-too-large", message, remedy=DESCRIPTIONS_ALONE)
    if not data.strip():
        raise refusal(
            "table-empty", _("The file is empty."), remedy="Hand in a table with a heading and rows."
        )
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise refusal("not-a-table", _("This is %(kind)s, not a table of text.") % {"kind": _(kind)})
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if encoding:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    if data.count(0) > len(data) // 5:
        raise refusal("not-a-table", _("This is no text: it holds NUL bytes."))
    return _without_mark(data)


def _without_mark(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    lost = mended.count(LOST)
    told = sum(character > "\x7f" for character in mended) - lost
    # Text of a single-byte encoding has next to no valid sequences of UTF-8 by chance.
    return mended if told > lost else data.decode("cp1252", "replace")
