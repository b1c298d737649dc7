"""DCAT 3 and its application profiles (DCAT-AP 3.0.1 and national ones): one dataset as it states itself."""

from typing import Final

from catalog.intake.readers.graph import Literal, Node
from catalog.intake.readers.stated import Named, Stated

_DCAT: Final = "http://www.w3.org/ns/dcat#"
_DCT: Final = "http://purl.org/dc/terms/"
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
_SCHEMA: Final = "https://schema.org/"
_OURS: Final = "urn:tapestry:catalog:1:"
TYPES: Final = (f"{_DCAT}Dataset",)
# Terms of our own that say exactly what a record says.
_OWN: Final = {"artifactType": "artifact_type", "modality": "modality", "represents": "represents"}


def read_dcat(node: Node) -> Stated:
    """Return what a ``dcat:Dataset`` states; its distributions speak for it where it is silent."""
    files = node.nodes(f"{_DCAT}distribution")
    stated = Stated(
        titles=node.literals(f"{_DCT}title"),
        summaries=node.literals(f"{_DCT}abstract"),
        descriptions=node.literals(f"{_DCT}description"),
        languages=_languages(node),
        licences=_licences(node, files),
        creators=[_agent(each) for each in node.nodes(f"{_DCT}creator")] + _plain(node, f"{_DCT}creator"),
        contacts=[_contact(each) for each in node.nodes(f"{_DCAT}contactPoint")],
        themes=node.words(f"{_DCAT}theme"),
        keywords=[each.text for each in node.literals(f"{_DCAT}keyword")],
        regions=_places(node),
        periods=[_period(each) for each in node.nodes(f"{_DCT}temporal")],
        sizes=[size for each in files if (size := each.first(f"{_DCAT}byteSize"))],
        addresses=_addresses(node, files),
        origins=_statements(node, f"{_DCT}provenance"),
    )
    stated.answers = {field: said for term, field in _OWN.items() if (said := node.first(f"{_OURS}{term}"))}
    if right := node.first(f"{_DCT}accessRights"):
        stated.suggested["tier"] = right
    if publishers := [each.name for each in map(_agent, node.nodes(f"{_DCT}publisher")) if each.name]:
        stated.suggested["contact"] = publishers[0]
    if len(stated.sizes) < len(files):  # a sum of some of them would say too little
        stated.sizes = []
    return stated


def titles_of(node: Node) -> list[Literal]:
    """Return what a dataset is called."""
    return node.literals(f"{_DCT}title")


def _languages(node: Node) -> list[str]:
    tags = [each.first(f"{_OURS}languageTag") for each in node.nodes(f"{_OURS}languageShare")]
    return list(filter(None, tags)) or node.words(f"{_DCT}language")


def _licences(node: Node, files: list[Node]) -> list[str]:
    """Return the licences of a dataset, else those of its distributions, each once."""
    own = _licence_words(node)
    return list(dict.fromkeys(own or [word for each in files for word in _licence_words(each)]))


def _licence_words(node: Node) -> list[str]:
    labels = [each.first(f"{_RDFS}label", f"{_DCT}title") for each in node.nodes(f"{_DCT}license")]
    return [*node.words(f"{_DCT}license"), *filter(None, labels if not node.words(f"{_DCT}license") else [])]


def _agent(node: Node) -> Named:
    name = node.first(f"{_FOAF}name", f"{_RDFS}label", f"{_SKOS}prefLabel", f"{_SCHEMA}name")
    return Named(name, node.address)


def _plain(node: Node, predicate: str) -> list[Named]:
    return [Named(each.text) for each in node.literals(predicate)]


def _contact(node: Node) -> Named:
    name = node.first(f"{_VCARD}fn", f"{_VCARD}organization-name", f"{_FOAF}name")
    return Named(name, node.first(f"{_VCARD}hasEmail", f"{_VCARD}email", f"{_FOAF}mbox"))


def _places(node: Node) -> list[str]:
    found: list[str] = [each.text for each in node.literals(f"{_DCT}spatial")]
    for place in node.nodes(f"{_DCT}spatial"):
        codes = place.words(f"{_DCT}identifier")
        found.append(
            codes[0] if codes else place.address or place.first(f"{_SKOS}prefLabel", f"{_RDFS}label")
        )
    return list(filter(None, found))


def _period(node: Node) -> tuple[str, str]:
    return (
        node.first(f"{_DCAT}startDate", f"{_SCHEMA}startDate"),
        node.first(f"{_DCAT}endDate", f"{_SCHEMA}endDate"),
    )


def _addresses(node: Node, files: list[Node]) -> list[str]:
    """Return where the data are kept: the page of the data, else the only place of its distributions."""
    own = node.words(f"{_DCAT}landingPage")
    places = dict.fromkeys(place for each in files if (place := each.first(f"{_DCAT}accessURL")))
    return own or (list(places) if len(places) == 1 else [])


def _statements(node: Node, predicate: str) -> list[str]:
    texts = [each.first(f"{_RDFS}label", f"{_DCT}description") for each in node.nodes(predicate)]
    return list(filter(None, [*texts, *(each.text for each in node.literals(predicate))]))
