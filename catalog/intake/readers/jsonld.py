"""JSON-LD as a graph, without ever loading a context from elsewhere (JSON-LD 1.1 API)."""

from itertools import count
from typing import Any, Final

from django.utils.translation import gettext as _
from pyld import jsonld

from catalog.intake.readers.bounds import malformed
from catalog.intake.readers.contexts import context_at
from catalog.intake.readers.graph import Graph, Literal, Reference, Value

_PREFIXES: Final = context_at("")
_LISTS: Final = ("@list", "@set")


def read_jsonld(document: Any) -> Graph:
    """Return the document's nodes.

    A context that lies elsewhere is one of those that we ship, or is read as if it declared the usual
    prefixes and nothing else.

    Raises:
        Invalid: code ``description-malformed``.
    """
    options = {"documentLoader": _from_here, "expandContext": _PREFIXES, "base": ""}
    try:
        expanded = jsonld.expand(document, options)
    except Exception:  # noqa: BLE001 - a library of others on bytes of strangers: whatever it raises means this
        raise malformed(_("It is not JSON-LD that can be read.")) from None
    walk = _Walk()
    for node in expanded:
        walk.take(node)
    return walk.graph


def _from_here(address: str, _options: dict[str, Any]) -> dict[str, Any]:
    """Stand in PyLD's document loader: every context comes out of this program."""
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": context_at(address)}}


class _Walk:
    """Takes the nodes of an expanded document, each once.

    The library's own flattening compares each value of a property with all before it: a minute a megabyte.
    """

    def __init__(self) -> None:
        self.graph = Graph()
        self._numbers = count()

    def take(self, node: Any) -> Value | None:
        """Take one value, whatever is in it, and return what stands for it; None for what says nothing."""
        if not isinstance(node, dict):
            return None
        if "@value" in node:
            return _literal(node)
        key = str(node.get("@id") or f"_:{next(self._numbers)}")
        for name in node.get("@type", ()):
            self.graph.add_type(key, str(name))
        for inner in (*node.get("@graph", ()), *node.get("@included", ())):
            self.take(inner)
        for predicate, values in node.items():
            if not predicate.startswith("@"):
                self._take_all(key, predicate, values)
        return Reference(key)

    def _take_all(self, key: str, predicate: str, values: Any) -> None:
        for each in values if isinstance(values, list) else [values]:
            inner = (
                next((each[name] for name in _LISTS if name in each), None)
                if isinstance(each, dict)
                else None
            )
            if inner is not None:
                self._take_all(key, predicate, inner)
            elif value := self.take(each):
                self.graph.add(key, predicate, value)


def _literal(node: dict[str, Any]) -> Literal | None:
    value = node["@value"]
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return Literal(str(value), str(node.get("@language", ""))) if known else None
