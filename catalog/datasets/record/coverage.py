"""Whose language, life, time and place the data show, and how much there is of it."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from catalog.datasets.record.parts import Part


class Period(Part):
    """Days from ``start`` to ``end``, both included; an open side is None."""

    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is None and self.end is None:
            raise ValueError("give at least one of its two days")
        if self.start and self.end and self.end < self.start:
            raise ValueError("it ends before it starts")
        return self


class DeclaredSize(Part):
    """How much there is, where no file tells: bytes, records, and tokens of the named tokenizer."""

    bytes: int | None = Field(default=None, ge=0, le=2**63 - 1)
    records: int | None = Field(default=None, ge=0, le=2**63 - 1)
    tokens: int | None = Field(default=None, ge=0, le=2**63 - 1)
    tokenizer: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _names_its_tokenizer(self) -> Self:
        if self.tokens is not None and not self.tokenizer:
            raise ValueError("a number of tokens needs the name of its tokenizer")
        return self
