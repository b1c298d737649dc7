"""One line of a file of descriptions, before anything is made of it."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LONGEST_LINE: Final = 1_000_000  # bytes of one description


class Categories(BaseModel):
    """What its publisher counts it to; null and absent are the same."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: list[str] | None = None
    domain: list[str] | None = None
    modality: list[str] | None = None


class Description(BaseModel):
    """A dataset as the Open Trusted Data Initiative's catalog describes it; texts may be HTML or Markdown."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str = Field(min_length=1)
    url: str = Field(min_length=1, max_length=1000)
    description: str | None = None
    creator: str | None = None
    creator_url: str | None = None
    license: str | None = None
    license_url: str | None = None
    keywords: list[str] = []
    categories: Categories = Categories()


class LineRefused(ValueError):  # noqa: N818 - named for what is the case
    """A line is no description; the message says why."""


def read_line(line: bytes) -> Description:
    """Read one line of JSON.

    Raises:
        LineRefused: it is too long, no JSON, or no description.
    """
    if len(line) > LONGEST_LINE:
        raise LineRefused(f"longer than {LONGEST_LINE} bytes")
    try:
        return Description.model_validate_json(line)
    except ValidationError as refused:
        first: Any = refused.errors(include_url=False, include_input=False)[0]
        raise LineRefused(f"{'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}") from None


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1 on; a name that ends in .gz is unpacked on the way."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            yield number, line
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE + 1)
