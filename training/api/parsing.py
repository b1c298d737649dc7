"""Reading what nodes send: JSON with exactly one reading (RFC 7493, I-JSON), or a refusal."""

import re
from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from provenance.signing.canonical import parse_object
from provenance.signing.errors import JsonError

_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class NodeJson(JSONParser):
    """An object without repeated names, numbers beyond all bounds or halves of characters.

    The framework's own parser lets deep nesting and lone surrogates through, which then break whatever reads
    or repeats them.
    """

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Return the object.

        Raises:
            ParseError: the bytes are no such document.
        """
        data = stream.read()
        try:
            document = parse_object(data)
            if _SURROGATE.search(data):
                _require_whole_characters(document)
        except JsonError as error:
            raise ParseError(f"The body is no JSON object with one reading: {error.code}.") from error
        return document


def _require_whole_characters(value: object) -> None:
    """Return if every text can be written in UTF-8: an escaped half of a pair can not."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise JsonError("json-malformed", "A text holds half a character.") from error
    elif isinstance(value, dict):
        for name, item in value.items():
            _require_whole_characters(name)
            _require_whole_characters(item)
    elif isinstance(value, list):
        for item in value:
            _require_whole_characters(item)
