"""Turtle as a graph. Of rdflib its parser alone is used: no datatype is interpreted and nothing is loaded."""

import io
from typing import Any, Final

import rdflib
from django.utils.translation import gettext as _
from rdflib.namespace import RDF
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import BNode, Node, URIRef

from catalog.intake.readers.bounds import malformed
from catalog.intake.readers.graph import Graph, Literal, Reference

_BASE: Final = "urn:description:"


class _Taking(RDFSink):
    """Takes each statement as it comes, and each literal as its text.

    A datatype such as rdf:XMLLiteral would have the library parse the text as XML.
    """

    def __init__(self) -> None:
        super().__init__(rdflib.Graph())
        self.taken = Graph()

    def newLiteral(self, s: str, dt: URIRef | None, lang: str | None) -> rdflib.Literal:  # noqa: N802
        del dt
        return rdflib.Literal(s, lang=lang or None)

    def makeStatement(self, quadruple: Any, why: Any = None) -> None:  # noqa: N802
        del why
        formula, predicate, subject, value = quadruple
        subject, predicate, value = (self.normalise(formula, each) for each in (subject, predicate, value))
        key = _key(subject)
        if predicate == RDF.type:
            self.taken.add_type(key, str(value))
        elif isinstance(value, rdflib.Literal):
            self.taken.add(key, str(predicate), Literal(str(value), value.language or ""))
        else:
            self.taken.add(key, str(predicate), Reference(_key(value)))


def read_turtle(text: str) -> Graph:
    """Return the document's nodes (RDF 1.1 Turtle).

    Raises:
        Invalid: code ``description-malformed``.
    """
    sink = _Taking()
    try:
        SinkParser(sink, baseURI=_BASE, turtle=True).loadStream(io.StringIO(text))
    except Exception:  # noqa: BLE001 - a library of others on bytes of strangers: whatever it raises means this
        raise malformed(_("It is not Turtle that can be read.")) from None
    return sink.taken


def _key(node: Node) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)
