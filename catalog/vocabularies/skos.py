"""A vocabulary as a SKOS concept scheme, in JSON-LD with its context in full (SKOS Reference, W3C 2009)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings

from catalog.vocabularies.models import Term
from catalog.vocabularies.schemes import Scheme

_LANGUAGES: Final = {"@container": "@language"}
CONTEXT: Final[Mapping[str, Any]] = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dcterms:title", **_LANGUAGES},
    "source": "dcterms:source",
    "prefLabel": {"@id": "skos:prefLabel", **_LANGUAGES},
    "definition": {"@id": "skos:definition", **_LANGUAGES},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "hasTopConcept": "skos:hasTopConcept",
    "deprecated": "owl:deprecated",
    "replacedBy": {"@id": "dcterms:isReplacedBy", "@type": "@id"},
    "modified": {"@id": "dcterms:modified", "@type": "xsd:dateTime"},
}


def address_of(scheme: str) -> str:
    """Return the IRI of a scheme, which is its page."""
    return f"{settings.PUBLIC_URL}/vocabularies/{scheme}/"


def concept_scheme(scheme: Scheme, terms: Iterable[Term]) -> dict[str, Any]:
    """Return the document of a scheme with all its terms, the retired ones marked as deprecated."""
    iri = address_of(scheme.name)
    document: dict[str, Any] = {
        "@context": dict(CONTEXT),
        "@id": iri,
        "@type": "skos:ConceptScheme",
        "title": dict(scheme.title),
        "hasTopConcept": [_concept(term, iri) for term in terms],
    }
    return {**document, "source": scheme.source} if scheme.source else document


def _concept(term: Term, scheme_iri: str) -> dict[str, Any]:
    concept: dict[str, Any] = {
        "@id": term.iri,
        "@type": "skos:Concept",
        "notation": term.code,
        "prefLabel": dict(term.labels),
        "inScheme": scheme_iri,
    }
    if term.definition:
        concept["definition"] = dict(term.definition)
    if term.broader is not None:
        concept["broader"] = term.broader.iri
    if term.retired_at is not None:
        concept |= {"deprecated": True, "modified": term.retired_at.isoformat()}
    if term.replaced_by is not None:
        concept["replacedBy"] = term.replaced_by.iri
    return concept
