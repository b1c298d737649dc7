"""What a description states, before anything of it is put into our words. Every reader fills this alone."""

from dataclasses import dataclass, field
from typing import Any

from catalog.intake.readers.graph import Literal


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a body: a name, and a web or mail address where one is given."""

    name: str
    address: str = ""


@dataclass(slots=True)
class Stated:
    """Words as they stood there. An empty field was not stated.

    ``answers`` are fields of the record that need no reading, by their dotted path; ``noted`` are texts about
    a field that only a person can turn into an answer, ``suggested`` are decisions that a person takes.
    """

    titles: list[Literal] = field(default_factory=list)
    summaries: list[Literal] = field(default_factory=list)
    descriptions: list[Literal] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    creators: list[Named] = field(default_factory=list)
    contacts: list[Named] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    periods: list[tuple[str, str]] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    collected: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)
