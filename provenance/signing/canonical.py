"""JSON with exactly one byte form (RFC 8785) and exactly one reading (RFC 7493)."""

import hashlib
import json
import math
from typing import Any, NoReturn

import rfc8785

from provenance.signing.errors import JsonError


def canonicalize(doc: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value as UTF-8 bytes.

    Raises:
        JsonError: json-not-canonical, for NaN, infinities, integers beyond 2**53 - 1, lone surrogates, keys
            that are no strings, types that JSON does not have, or nesting too deep to walk.
    """
    try:
        return rfc8785.dumps(doc)
    except (ValueError, RecursionError) as error:
        raise JsonError("json-not-canonical", str(error)) from error


def digest(doc: Any) -> str:
    """Return the sha256 of the canonical form as 64 lower-case hex digits: the address of a document.

    Raises:
        JsonError: json-not-canonical.
    """
    return hashlib.sha256(canonicalize(doc)).hexdigest()


def parse_object(data: bytes) -> dict[str, Any]:
    """Return the JSON object in `data`, which must have one reading only.

    A parser that keeps the last of two equal names and one that keeps the first would see two documents
    under one signature, so repeated names are refused (RFC 7493 §2.3), as are NaN and infinities.

    Raises:
        JsonError: json-malformed.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_without_repetition,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise JsonError("json-malformed", str(error)) from error
    if not isinstance(value, dict):
        raise JsonError("json-malformed", "The document is not a JSON object.")
    return value


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("A name appears twice in one object.")
    return names


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is beyond a double's range.")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")
