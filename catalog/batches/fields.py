"""What a column can fill: paths of the record, how a cell is read for each, and what people call them.

The fields stand in ``data/columns.json``, their synonyms in the plain form of ``headings.py``, from
the Open Trusted Data Initiative's contribution form and dataset cards of hubs.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

TEXTS: Final = ("title", "summary", "description")
"""Fields with a text per language; a column for one language has a path such as ``title.fr``."""


class Kind(StrEnum):
    """How a cell is read."""

    TEXTS = "texts"
    TEXT = "text"
    TERM = "term"
    TERMS = "terms"
    KEYWORDS = "keywords"
    LANGUAGES = "languages"
    COUNTRIES = "countries"
    REGIONS = "regions"
    CREATORS = "creators"
    TIER = "tier"
    LICENCE = "licence"
    KNOWN = "known"
    BOOLEAN = "boolean"
    DAY = "day"
    COUNT = "count"
    SHARE = "share"
    EMAIL = "email"
    ADDRESS = "address"


LISTS: Final = frozenset(
    {Kind.TERMS, Kind.KEYWORDS, Kind.LANGUAGES, Kind.COUNTRIES, Kind.REGIONS, Kind.CREATORS}
)
SEVERAL: Final = LISTS | {Kind.TEXTS, Kind.TEXT}
"""Kinds of which several columns can fill one path: lists add up, texts follow each other."""


@dataclass(frozen=True, slots=True)
class Field:
    """A path of the record. ``scheme`` is the vocabulary of its terms, ``example`` a readable cell."""

    path: str
    kind: Kind
    synonyms: tuple[str, ...]
    example: str
    scheme: str

    @property
    def top(self) -> str:
        """The field of the record that the path is a part of."""
        return self.path.partition(".")[0]


def _read() -> Iterator[tuple[str, Field]]:
    document = json.loads((Path(__file__).parent / "data" / "columns.json").read_text("utf-8"))
    for path, told in document["fields"].items():
        yield (
            path,
            Field(
                path=path,
                kind=Kind(told["kind"]),
                synonyms=tuple(told["synonyms"]),
                example=told.get("example", ""),
                scheme=told.get("scheme", ""),
            ),
        )


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(dict(_read()))


def field_of(path: str) -> Field | None:
    """Return the field of a path, of ``title.fr`` that of ``title``; None where no column can fill it."""
    top, _dot, language = path.partition(".")
    return FIELDS.get(top) if top in TEXTS and language else FIELDS.get(path)
