"""How much of a stranger's document is read at all, and how it is refused."""

import json
from typing import Any, Final, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from provenance.errors import Invalid

LARGEST: Final = 5 * 2**20  # bytes of a document
LARGEST_GRAPH: Final = 2**20  # bytes of JSON-LD or Turtle: reading one takes time that grows with it
LARGEST_HEAD: Final = 128 * 2**10  # characters of YAML at the head of a card
DEEPEST: Final = 40  # levels of nesting; a full Croissant has eight
MOST_CONTEXTS: Final = 50  # JSON-LD contexts in one document


def refuse(code: str, message: str | Promise, remedy: str | Promise = "") -> Invalid:
    """Return the refusal of a document, told at the field that it came in."""
    text = str(message)
    return Invalid(text, code=code, fields={"document": [text]}, remedy=str(remedy) or None)


def check_size(content: bytes, largest: int = LARGEST) -> None:
    """Refuse what is empty or too long.

    Raises:
        Invalid: codes ``description-empty`` and ``description-too-large``.
    """
    if not content.strip():
        raise refuse("description-empty", _("There is nothing in it."))
    if len(content) > largest:
        raise refuse(
            "description-too-large",
            _("It is longer than %(limit)s KiB.") % {"limit": largest // 1024},
            _("Save the description of this one dataset alone, without its records."),
        )


def text_of(content: bytes) -> str:
    """Return the document as text, without a byte order mark.

    Raises:
        Invalid: code ``description-malformed``, when it is not UTF-8 or holds a NUL.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise malformed(_("It is not text in UTF-8.")) from None
    if "\x00" in text:
        raise malformed(_("It holds a NUL character, which no text needs."))
    return text


def parse_json(text: str) -> Any:
    """Return a JSON value that is not nested beyond ``DEEPEST``.

    Raises:
        Invalid: code ``description-malformed``.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise malformed(_("It is not JSON that can be read.")) from None
    _check_nesting(value)
    return value


def malformed(message: str) -> Invalid:
    """Return the refusal of a document that is broken."""
    return refuse("description-malformed", message, _("Save it again where it comes from."))


def too_deep() -> Invalid:
    """Return the refusal of a document that is nested without end."""
    return malformed(_("It is nested more deeply than any description is."))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_nesting(value: Any) -> None:
    """Walk level by level: no recursion, and each value is looked at once."""
    level, contexts = [value], 0
    for _depth in range(DEEPEST):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                contexts += "@context" in each
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        level = inner
        if not level:
            break
    if level or contexts > MOST_CONTEXTS:
        raise too_deep()
