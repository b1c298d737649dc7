"""The contexts that descriptions name, as far as their readers need them. None is ever fetched."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

_CONTEXTS: Final = Path(__file__).parents[1] / "data" / "contexts.json"
# What an address begins with, and which of our contexts stands for what lies there.
_KNOWN: Final = (
    ("schema.org", "schema"),
    ("www.schema.org", "schema"),
    ("mlcommons.org/croissant", "schema"),
    ("data.europa.eu/r5r", "dcat"),
    ("semiceu.github.io/dcat-ap", "dcat"),
    ("semiceu.github.io/uri.semic.eu-generated/dcat-ap", "dcat"),
    ("www.w3.org/ns/dcat", "dcat"),
    ("project-open-data.cio.gov", "dcat"),
)


def context_at(address: str) -> dict[str, Any]:
    """Return what stands for the context at an address: the usual prefixes, and the terms of its kind."""
    plain = address.lower().partition("://")[2]
    kind = next((kind for start, kind in _KNOWN if plain.startswith(start)), "")
    found: dict[str, Any] = {**_shipped()["prefixes"], **_shipped().get(kind, {})}
    return found


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    contexts: dict[str, dict[str, Any]] = json.loads(_CONTEXTS.read_text("utf-8"))
    return contexts
