"""Addresses in other people's authority tables, as DCAT-AP 3.0.1 asks for them.

Sources: EU Vocabularies (access right, language, data theme), IANA media types, SPDX licence list.
Each object carries its class, since the shapes of DCAT-AP look for it in the document itself.
"""

import re
from typing import Any, Final

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.tiers import RULES, Tier
from catalog.vocabularies.reading import terms_of

_EU: Final = "http://publications.europa.eu/resource/authority"
_IANA: Final = "https://www.iana.org/assignments/media-types"
_SPDX: Final = "https://spdx.org/licenses"
_ONE_LISTED_LICENCE: Final = re.compile(r"(?!LicenseRef-)[A-Za-z0-9.+-]+")


def access_right(tier: Tier) -> dict[str, Any]:
    """Return the EU access right of a tier."""
    return {"@id": f"{_EU}/access-right/{RULES[tier].eu_access_right}", "@type": "dcterms:RightsStatement"}


def language(tag: str) -> dict[str, Any] | None:
    """Return the EU's entry for a BCP-47 tag's language; None where it has no three-letter code."""
    try:
        code = Language.get(tag).to_alpha3()
    except (LanguageTagError, LookupError):
        return None
    return {"@id": f"{_EU}/language/{code.upper()}", "@type": "dcterms:LinguisticSystem"}


def theme(code: str) -> dict[str, Any]:
    """Return the address and the labels of a theme, which are the EU's for those that are shipped."""
    term = terms_of("theme", retired=True)[code]
    return {"@id": term.iri, "@type": "skos:Concept", "prefLabel": dict(term.labels)}


def place(code: str) -> dict[str, Any]:
    """Return a country by its ISO 3166-1 code, or a region of UN M49 as the vocabulary has it."""
    if not code.isdigit():
        return {"@type": "dcterms:Location", "identifier": code}
    term = terms_of("region", retired=True)[code]
    return {"@id": term.iri, "@type": "dcterms:Location", "identifier": code, "prefLabel": dict(term.labels)}


def media_type(name: str) -> dict[str, Any]:
    """Return IANA's entry for a media type; parameters such as a charset are left out."""
    return {"@id": f"{_IANA}/{name.partition(';')[0].strip()}", "@type": "dcterms:MediaType"}


def status(code: str) -> dict[str, Any]:
    """Return the EU's entry for what became of a dataset: ``COMPLETED``, ``DEPRECATED`` or ``WITHDRAWN``."""
    return {"@id": f"{_EU}/dataset-status/{code}", "@type": "skos:Concept"}


def licence(expression: str) -> dict[str, Any] | None:
    """Return the licence document of an SPDX expression; None when the licence is unknown.

    A compound expression or a named rights basis has no page of its own and is described by its text.
    """
    if expression == UNKNOWN_LICENCE:
        return None
    if _ONE_LISTED_LICENCE.fullmatch(expression):
        return {"@id": f"{_SPDX}/{expression}", "@type": "dcterms:LicenseDocument"}
    return {"@type": "dcterms:LicenseDocument", "label": expression}
