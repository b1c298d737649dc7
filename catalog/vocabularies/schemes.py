"""The vocabularies themselves: what each is called, where it comes from, and which the program fixes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from catalog.vocabularies.loading import SHIPPED

FIXED: Final[Mapping[str, str]] = MappingProxyType(
    {"stage": "What each stage permits is fixed in the program; a new one needs a release."}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A vocabulary without its terms. ``title`` is a text by language tag."""

    name: str
    title: Mapping[str, str]
    source: str


@cache
def all_schemes() -> Mapping[str, Scheme]:
    """Return the shipped schemes by name: which there are is part of the program, their terms are not."""
    found: dict[str, Scheme] = {}
    for file in sorted(SHIPPED.glob("*.json")):
        document = json.loads(file.read_text("utf-8"))
        name = document["scheme"]
        found[name] = Scheme(name=name, title=document["title"], source=document.get("source", ""))
    return MappingProxyType(found)


def is_scheme(name: str) -> bool:
    """Tell whether there is a vocabulary of this name."""
    return name in all_schemes()
