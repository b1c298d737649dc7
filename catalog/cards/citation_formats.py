"""Writers of citations: BibTeX, RIS, CSL-JSON and CFF. Each takes a citation and returns the whole file."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from catalog.cards.citation import Citation
from catalog.cards.escaping import tex

_LISTED_LICENCE: Final = re.compile(r"(?!LicenseRef-)[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """How a format is called, which type it is served as, and who writes it."""

    name: str
    media_type: str
    write: Callable[[Citation], str]


def write_bibtex(citation: Citation) -> str:
    """Return an entry of biblatex's type ``dataset``; names and title stand in braces and keep their case."""
    fields = {
        "author": " and ".join(f"{{{tex(author.name)}}}" for author in citation.authors),
        "title": f"{{{tex(citation.title)}}}",
        "year": str(citation.published.year),
        "date": citation.published.isoformat(),
        "version": str(citation.version),
        "publisher": f"{{{tex(citation.publisher)}}}",
        "url": citation.url,
        "note": f"sha256:{citation.digest}",
        "keywords": ", ".join(tex(word).replace(",", " ") for word in citation.keywords),
        "abstract": tex(citation.abstract),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@dataset{{{citation.key},", *lines, "}", ""])


def write_ris(citation: Citation) -> str:
    """Return a RIS record of type DATA. Lines end with CR LF, as the format's makers ask."""
    lines = [f"{tag}  - {value}" for tag, value in _ris(citation) if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _ris(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA"
    yield "ID", citation.key
    yield "TI", citation.title
    for author in citation.authors:
        yield "AU", author.name
    yield "PY", str(citation.published.year)
    yield "DA", citation.published.strftime("%Y/%m/%d")
    yield "ET", str(citation.version)
    yield "PB", citation.publisher
    yield "UR", citation.url
    yield "AN", f"sha256:{citation.digest}"
    yield "LA", citation.language
    yield "AB", citation.abstract
    for word in citation.keywords:
        yield "KW", word


def write_csl(citation: Citation) -> str:
    """Return a list of one CSL-JSON item of type ``dataset``."""
    published = citation.published
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "author": [{"literal": author.name} for author in citation.authors],
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "publisher": citation.publisher,
        "version": str(citation.version),
        "URL": citation.url,
        "note": f"sha256:{citation.digest}",
        "language": citation.language,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


def write_cff(citation: Citation) -> str:
    """Return a Citation File Format 1.2.0 document of type ``dataset``.

    Only one listed licence can stand in ``license``; an expression or a rights basis stays on the page.
    """
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Cite this version of the dataset as below.",
        "type": "dataset",
        "title": citation.title,
        "authors": [
            {"name": author.name, **({"website": author.address} if author.address else {})}
            for author in citation.authors
        ],
        "version": str(citation.version),
        "date-released": citation.published.isoformat(),
        "url": citation.url,
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{citation.digest}",
                "description": "Content address of this version: its record and its files",
            }
        ],
        "license": citation.licence if _LISTED_LICENCE.fullmatch(citation.licence) else "",
        "keywords": list(dict.fromkeys(citation.keywords)),
        "abstract": citation.abstract,
    }
    kept = {name: value for name, value in document.items() if value}
    dumped: str = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)
    return dumped


FORMATS: Final[Mapping[str, CitationFormat]] = {
    "bib": CitationFormat("BibTeX", "application/x-bibtex", write_bibtex),
    "ris": CitationFormat("RIS", "application/x-research-info-systems", write_ris),
    "json": CitationFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", write_csl),
    "cff": CitationFormat("CFF", "application/yaml", write_cff),
}
