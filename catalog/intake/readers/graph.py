"""A description as nodes with properties, whatever it was written in: the readers know no syntax."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

# Both spellings of schema.org and of the older Dublin Core are in use; each predicate has one name here.
_SAME: Final = (
    ("http://schema.org/", "https://schema.org/"),
    ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"),
    ("https://www.w3.org/ns/dcat#", "http://www.w3.org/ns/dcat#"),
    ("https://mlcommons.org/croissant/", "http://mlcommons.org/croissant/"),
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, and the language that it says it is in."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """The key of another node: its address, or a label with ``_:`` in front."""

    key: str


Value = Literal | Reference


@dataclass(slots=True)
class Graph:
    """Nodes by key; each property leads to its values in the order in which they stand."""

    properties: dict[str, dict[str, list[Value]]] = field(default_factory=dict)
    types: dict[str, set[str]] = field(default_factory=dict)

    def add(self, key: str, predicate: str, value: Value) -> None:
        """Add one statement."""
        self.properties.setdefault(key, {}).setdefault(one_name(predicate), []).append(value)

    def add_type(self, key: str, name: str) -> None:
        """Say what a node is."""
        self.types.setdefault(key, set()).add(one_name(name))

    def of_type(self, *names: str) -> list["Node"]:
        """Return all nodes of these types, in the order in which they stand."""
        return [Node(self, key) for key, types in self.types.items() if types.intersection(names)]


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that is described."""

    graph: Graph
    key: str

    @property
    def address(self) -> str:
        """Its web address; empty where it has none."""
        return self.key if self.key.startswith(("http://", "https://")) else ""

    def literals(self, *predicates: str) -> list[Literal]:
        """Return the texts under any of these properties."""
        return [value for value in self._values(predicates) if isinstance(value, Literal)]

    def nodes(self, *predicates: str) -> list["Node"]:
        """Return the things under any of these properties."""
        values = self._values(predicates)
        return [Node(self.graph, value.key) for value in values if isinstance(value, Reference)]

    def words(self, *predicates: str) -> list[str]:
        """Return texts as they are, and of things their address; what has neither is left out."""
        values = self._values(predicates)
        words = (value.text if isinstance(value, Literal) else value.key for value in values)
        return [word for word in words if word.strip() and not word.startswith("_:")]

    def first(self, *predicates: str) -> str:
        """Return the first of the words, or an empty text."""
        return next(iter(self.words(*predicates)), "")

    def _values(self, predicates: Iterable[str]) -> Iterator[Value]:
        own = self.graph.properties.get(self.key, {})
        for predicate in predicates:
            yield from own.get(predicate, ())


def one_name(address: str) -> str:
    """Return the one spelling of a predicate or a type."""
    for other, ours in _SAME:
        if address.startswith(other):
            return ours + address[len(other) :]
    return address
