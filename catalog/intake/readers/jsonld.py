"""JSON-LD as a graph, without ever loading a context from elsewhere (JSON-LD 1.1 API)."""

from typing import Any, Final

from django.utils.translation import gettext as _
from pyld import jsonld

from catalog.intake.readers.bounds import malformed
from catalog.intake.readers.contexts import context_at
from catalog.intake.readers.graph import Graph, Literal, Reference, Value

PREFIXES: Final = context_at("")


def read_jsonld(document: Any) -> Graph:
    """Return the document's nodes.

    A context that lies elsewhere is one of those that we ship, or is read as if it declared the usual
    prefixes and nothing else.

    Raises:
        Invalid: code ``description-malformed``.
    """
    options = {"documentLoader": _from_here, "expandContext": PREFIXES, "base": ""}
    try:
        nodes = jsonld.flatten(document, None, options)
    except Exception:  # noqa: BLE001 - a library of others on bytes of strangers: whatever it raises means this
        raise malformed(_("It is not JSON-LD that can be read.")) from None
    graph = Graph()
    for node in nodes:
        _take(graph, node)
    return graph


def _from_here(address: str, _options: dict[str, Any]) -> dict[str, Any]:
    """Stand in PyLD's document loader: every context comes out of this program."""
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": context_at(address)}}


def _take(graph: Graph, node: dict[str, Any]) -> None:
    key = str(node.get("@id", ""))
    for name in node.get("@type", ()):
        graph.add_type(key, str(name))
    for predicate, values in node.items():
        if not predicate.startswith("@"):
            for value in _flat(values):
                graph.add(key, predicate, value)


def _flat(values: Any) -> list[Value]:
    found: list[Value] = []
    for value in values if isinstance(values, list) else [values]:
        if not isinstance(value, dict):
            continue
        if "@list" in value:
            found += _flat(value["@list"])
        elif "@id" in value:
            found.append(Reference(str(value["@id"])))
        elif isinstance(text := value.get("@value"), str | int | float) and not isinstance(text, bool):
            found.append(Literal(str(text), str(value.get("@language", ""))))
    return found
