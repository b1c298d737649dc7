"""One entrance for every kind of description: what it is, which datasets it holds, and what each states."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from catalog.intake.normalising import Normalised
from catalog.intake.plain import plain
from catalog.intake.readers import card, croissant, dcat
from catalog.intake.readers.bounds import (
    LARGEST_GRAPH,
    check_size,
    parse_json,
    refuse,
    text_of,
)
from catalog.intake.readers.graph import Graph, Node
from catalog.intake.readers.jsonld import read_jsonld
from catalog.intake.readers.settling import settle
from catalog.intake.readers.turtle import read_turtle
from provenance.errors import Invalid

MOST_DATASETS: Final = 50  # of one document that a person may choose from
_TURTLE: Final = re.compile(r"^\s*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE | re.MULTILINE)
_HEADING: Final = re.compile(r"\A\s*#\s+\S")


class Kind(StrEnum):
    """What a description is written in. Stable: they stand in the notes of a draft."""

    CROISSANT = "croissant"
    SCHEMA = "schema.org"
    DCAT = "dcat"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dataset of a document: ``key`` names it there, ``title`` tells it apart, ``made`` is what it says."""

    key: str
    title: str
    made: Normalised


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that was read: its kind, and its datasets in the order in which they stand; at least one."""

    kind: Kind
    candidates: tuple[Candidate, ...]

    def chosen(self, key: str = "") -> Candidate:
        """Return the only dataset, or the one with this key.

        Raises:
            Invalid: codes ``description-several`` when none was chosen, and ``description-no-such-dataset``.
        """
        if not key and len(self.candidates) == 1:
            return self.candidates[0]
        found = next((each for each in self.candidates if each.key == key), None)
        if found:
            return found
        keys = ", ".join(each.key for each in self.candidates[:10])
        message = (
            _("It describes several datasets; say which: %(keys)s.")
            if not key
            else _("It describes no such dataset. There are: %(keys)s.")
        )
        code = "description-no-such-dataset" if key else "description-several"
        text = message % {"keys": keys}
        raise Invalid(text, code=code, fields={"dataset": [text]})


def read_description(
    content: bytes, *, media_type: str = "", name: str = "", dataset: str = ""
) -> Normalised:
    """Return what one dataset's description states: a patch for a record, with notes.

    ``media_type`` and ``name`` help where the content does not tell what it is; ``dataset`` chooses one of
    several.

    Raises:
        Invalid: as ``read_all`` and ``Reading.chosen``.
    """
    return read_all(content, media_type=media_type, name=name).chosen(dataset).made


def read_all(content: bytes, *, media_type: str = "", name: str = "") -> Reading:
    """Return all datasets that a document describes.

    Raises:
        Invalid: codes ``description-empty``, ``description-too-large``, ``description-malformed``,
            ``description-unknown-kind`` and ``description-without-dataset``.
    """
    check_size(content)
    text = text_of(content)
    hint = f"{media_type.partition(';')[0].strip()} {name}".lower()
    start = text.lstrip()[:1]
    if start in ("{", "["):
        check_size(content, LARGEST_GRAPH)
        return _of_graph(read_jsonld(parse_json(text)))
    if start == "<" and not _TURTLE.search(text):
        raise _not_a_description(_("This is a web page or XML, and not a description that machines read."))
    if card.has_head(text) or hint.endswith((".md", ".markdown")) or "markdown" in hint:
        return _of_card(text)
    if "turtle" in hint or hint.endswith(".ttl") or _TURTLE.search(text):
        check_size(content, LARGEST_GRAPH)
        return _of_graph(read_turtle(text))
    if "yaml" in hint or hint.endswith((".yml", ".yaml")):
        return _of_card(f"---\n{text}\n---\n")
    if _HEADING.match(text):
        return _of_card(text)
    raise _not_a_description(_("This is neither Croissant nor DCAT, nor a dataset card."))


def _of_card(text: str) -> Reading:
    made = settle(card.read_card(text))
    return Reading(Kind.CARD, (Candidate("card", _title(made), made),))


def _of_graph(graph: Graph) -> Reading:
    described = graph.of_type(*dcat.TYPES)
    if described:
        return Reading(
            Kind.DCAT, tuple(_candidate(each, settle(dcat.read_dcat(each))) for each in _few(described))
        )
    described = _outermost(graph.of_type(*croissant.TYPES))
    if not described:
        raise refuse(
            "description-without-dataset",
            _("It describes no dataset: nothing in it is a Dataset of DCAT or schema.org."),
            _("If its words are explained at another address, put that context into the document itself."),
        )
    kind = Kind.CROISSANT if any(map(_is_croissant, described)) else Kind.SCHEMA
    found = (_candidate(each, settle(croissant.read_croissant(each))) for each in _few(described))
    return Reading(kind, tuple(found))


def _few(nodes: list[Node]) -> list[Node]:
    if len(nodes) > MOST_DATASETS:
        raise refuse(
            "description-too-large",
            _("It describes %(count)s datasets.") % {"count": len(nodes)},
            _("Give the description of one of them, or of at most %(most)s.") % {"most": MOST_DATASETS},
        )
    return nodes


def _outermost(nodes: list[Node]) -> list[Node]:
    """Leave out the datasets that others only mention, as the parts or the sources of one."""
    mentioned = {
        each.key
        for node in nodes
        for term in ("isBasedOn", "isPartOf", "hasPart", "citation")
        for each in node.nodes(f"https://schema.org/{term}")
    }
    return [node for node in nodes if node.key not in mentioned] or nodes


def _is_croissant(node: Node) -> bool:
    standards = node.words("http://purl.org/dc/terms/conformsTo", "https://schema.org/conformsTo")
    return any("mlcommons.org/croissant" in each for each in standards)


def _candidate(node: Node, made: Normalised) -> Candidate:
    key = plain(node.key, longest=300) or "dataset"
    return Candidate(key, _title(made) or key, made)


def _title(made: Normalised) -> str:
    titles: dict[str, str] = made.record.get("title") or {}
    return titles.get("en") or next(iter(titles.values()), "")


def _not_a_description(message: str) -> Invalid:
    remedy = _(
        "Give the address or the file of the description itself: croissant.json, the JSON-LD or Turtle of a"
        " catalog, or the README.md of a dataset in its raw form."
    )
    return refuse("description-unknown-kind", message, remedy)
