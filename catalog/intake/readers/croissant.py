"""Croissant 1.0 and 1.1 with its vocabulary for responsible AI, and any other Dataset of schema.org.

Sources: Croissant format specification 1.1, Croissant RAI specification 1.0, schema.org.
"""

from typing import Final

from catalog.intake.readers.amounts import span_of
from catalog.intake.readers.graph import Literal, Node
from catalog.intake.readers.stated import Named, Stated

_SCHEMA: Final = "https://schema.org/"
_RAI: Final = "http://mlcommons.org/croissant/RAI/"
_FILE: Final = "http://mlcommons.org/croissant/FileObject"
TYPES: Final = (f"{_SCHEMA}Dataset",)
# Terms of RAI that are texts of a record, and terms that only a person can turn into an answer.
_TEXTS: Final = (
    ("dataLimitations", "quality.limits"),
    ("dataBiases", "quality.known_bias"),
    ("dataImputationProtocol", "processing.tools"),
    ("dataPreprocessingProtocol", "processing.filters"),
    ("dataAnnotationProtocol", "processing.curation"),
)
_METHODS: Final = {
    "web scraping": "crawl",
    "surveys": "survey",
    "direct measurement": "measurement",
    "physical data collection": "measurement",
    "manual human curator": "annotation",
}


def read_croissant(node: Node) -> Stated:
    """Return what a ``schema:Dataset`` states."""
    files = node.nodes(f"{_SCHEMA}distribution")
    own = [each for each in files if _FILE not in each.graph.types.get(each.key, ()) or _stands_alone(each)]
    types = [word.strip() for word in node.words(f"{_RAI}dataCollectionType")]
    stated = Stated(
        titles=titles_of(node),
        descriptions=node.literals(f"{_SCHEMA}description"),
        languages=_languages(node),
        licences=_licences(node),
        creators=[_agent(each) for each in node.nodes(f"{_SCHEMA}creator", f"{_SCHEMA}author")]
        + [Named(each.text) for each in node.literals(f"{_SCHEMA}creator", f"{_SCHEMA}author")],
        contacts=[_contact(each) for each in node.nodes(f"{_SCHEMA}contactPoint")],
        keywords=_keywords(node),
        regions=_places(node),
        periods=[span_of(word) for word in node.words(f"{_SCHEMA}temporalCoverage")],
        sizes=[size for each in own if (size := each.first(f"{_SCHEMA}contentSize"))],
        addresses=_addresses(node, files),
        origins=[each.text for each in node.literals(f"{_RAI}dataCollection")],
        methods=[_METHODS.get(word.lower(), word) for word in types],
        collected=[span_of(word) for word in node.words(f"{_RAI}dataCollectionTimeframe")],
    )
    stated.answers = {path: said for term, path in _TEXTS if (said := "\n".join(node.words(f"{_RAI}{term}")))}
    if people := node.words(f"{_RAI}personalSensitiveInformation"):
        stated.noted["personal_data"] = ", ".join(people)
    if publishers := [each.name for each in map(_agent, node.nodes(f"{_SCHEMA}publisher")) if each.name]:
        stated.suggested["contact"] = publishers[0]
    if len(stated.sizes) < len(own):  # a sum of some of them would say too little
        stated.sizes = []
    return stated


def titles_of(node: Node) -> list[Literal]:
    """Return what a dataset is called; the name that machines use where there is no other."""
    return node.literals(f"{_SCHEMA}name") or node.literals(f"{_SCHEMA}alternateName")


def _stands_alone(file: Node) -> bool:
    """Tell whether a file lies in no other one that is listed too."""
    return not file.words(f"{_SCHEMA}containedIn", "http://mlcommons.org/croissant/containedIn")


def _languages(node: Node) -> list[str]:
    of_nodes = [
        each.first(f"{_SCHEMA}alternateName", f"{_SCHEMA}name")
        for each in node.nodes(f"{_SCHEMA}inLanguage")
        if not each.address
    ]
    return [*node.words(f"{_SCHEMA}inLanguage"), *filter(None, of_nodes)]


def _licences(node: Node) -> list[str]:
    works = [each.first(f"{_SCHEMA}url", f"{_SCHEMA}name") for each in node.nodes(f"{_SCHEMA}license")]
    return list(dict.fromkeys([*filter(None, works)] or node.words(f"{_SCHEMA}license")))


def _agent(node: Node) -> Named:
    return Named(
        node.first(f"{_SCHEMA}name"), node.address or node.first(f"{_SCHEMA}url", f"{_SCHEMA}sameAs")
    )


def _contact(node: Node) -> Named:
    return Named(node.first(f"{_SCHEMA}name"), node.first(f"{_SCHEMA}email"))


def _keywords(node: Node) -> list[str]:
    terms = [each.first(f"{_SCHEMA}name") for each in node.nodes(f"{_SCHEMA}keywords") if not each.address]
    texts = [each.text for each in node.literals(f"{_SCHEMA}keywords")]
    split = texts[0].split(",") if len(texts) == 1 else texts
    return [word.strip() for word in (*split, *terms) if word.strip()]


def _places(node: Node) -> list[str]:
    names = [
        each.first(f"{_SCHEMA}identifier", f"{_SCHEMA}name")
        for each in node.nodes(f"{_SCHEMA}spatialCoverage")
    ]
    return [*(each.text for each in node.literals(f"{_SCHEMA}spatialCoverage")), *filter(None, names)]


def _addresses(node: Node, files: list[Node]) -> list[str]:
    """Return the page of the data, else the address of their only file."""
    own = node.words(f"{_SCHEMA}url") or ([node.address] if node.address else [])
    return own or (files[0].words(f"{_SCHEMA}contentUrl") if len(files) == 1 else [])
