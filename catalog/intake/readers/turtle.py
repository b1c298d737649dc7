"""Turtle as a graph. Of rdflib its parser alone is used: no datatype is interpreted and nothing is loaded."""

import io
from typing import Final

import rdflib
from django.utils.translation import gettext as _
from rdflib.namespace import RDF
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import BNode, Node, URIRef

from catalog.intake.readers.bounds import malformed
from catalog.intake.readers.graph import Graph, Literal, Reference, Value

_BASE: Final = "urn:description:"


class _Texts(RDFSink):
    """Takes each literal as its text: a datatype such as rdf:XMLLiteral would have it parsed as XML."""

    def newLiteral(self, s: str, dt: URIRef | None, lang: str | None) -> rdflib.Literal:  # noqa: N802
        del dt
        return rdflib.Literal(s, lang=lang or None)


def read_turtle(text: str) -> Graph:
    """Return the document's nodes (RDF 1.1 Turtle).

    Raises:
        Invalid: code ``description-malformed``.
    """
    triples = rdflib.Graph()
    parser = SinkParser(_Texts(triples), baseURI=_BASE, turtle=True)
    try:
        parser.loadStream(io.StringIO(text))
    except Exception:  # noqa: BLE001 - a library of others on bytes of strangers: whatever it raises means this
        raise malformed(_("It is not Turtle that can be read.")) from None
    graph = Graph()
    for subject, predicate, value in triples:
        if predicate == RDF.type:
            graph.add_type(_key(subject), str(value))
        else:
            graph.add(_key(subject), str(predicate), _value(value))
    return graph


def _key(node: Node) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _value(node: Node) -> Value:
    if isinstance(node, rdflib.Literal):
        return Literal(str(node), node.language or "")
    return Reference(_key(node))
