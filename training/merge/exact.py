"""Numbers of a recipe: exact fractions in strings, because JSON's floats are not read alike everywhere."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import PlainValidator

_EXACT: Final = re.compile(r"[0-9]{1,60}(/[0-9]{1,60})?")


def _exact(value: Any) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str) or not _EXACT.fullmatch(value):
        raise ValueError("an exact number is a string like 3 or 1/3")
    try:
        return Fraction(value)
    except ZeroDivisionError:
        raise ValueError("nothing is divided by zero") from None


Exact = Annotated[Fraction, PlainValidator(_exact)]
"""A number that is not negative."""
Shares = dict[str, Exact]
"""A number for each contribution, by its digest."""


def said(value: Any) -> Any:
    """Return a parameter as a recipe says it."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {key: said(value[key]) for key in sorted(value)}
    return value
