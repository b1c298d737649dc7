"""From addresses in authority tables to the codes of a record: the way back of `catalog.interchange`.

Sources: EU Vocabularies (language, data theme, country, access right, licence), SPDX licence list, Creative
Commons, Library of Congress, Lexvo. An address that is not one of them is no answer.
"""

import re
from typing import Final

from langcodes.data_dicts import TERRITORY_REPLACEMENTS

from catalog.datasets.vocabulary import UNKNOWN_LICENCE, check_licence, check_region
from catalog.intake.languages import tag_of
from catalog.intake.licences import licence_named
from catalog.tiers import RULES, Tier
from catalog.vocabularies.reading import terms_of

_LANGUAGE: Final = re.compile(
    r"https?://(?:publications\.europa\.eu/resource/authority/language/|id\.loc\.gov/vocabulary/iso639-\d/|"
    r"(?:www\.)?lexvo\.org/id/iso639-\d/)(?P<code>[A-Za-z]{2,3})/?"
)
_COUNTRY: Final = re.compile(
    r"https?://publications\.europa\.eu/resource/authority/country/(?P<code>[A-Z]{3})"
)
_RIGHT: Final = re.compile(
    r"(?:https?://publications\.europa\.eu/resource/authority/access-right/)?([A-Z_]+)"
)
_SPDX: Final = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/(?P<id>[\w.+-]+?)(?:\.html|\.json|/)?")
_CREATIVE: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/licenses/(?P<kind>[a-z-]+)/(?P<version>\d\.\d)(?:/(?P<port>[a-z]{2,3}))?"
    r"(?:/(?:deed|legalcode)(?:\.[a-z-]+)?)?/?"
)
_EU_LICENCE: Final = re.compile(r"https?://publications\.europa\.eu/resource/authority/licence/(?P<code>\w+)")
_EU_CODES: Final = {
    "CC0": "CC0-1.0",
    **{f"CC_{''.join(kind)}_{version}_0": f"CC-{'-'.join(kind)}-{version}.0"
       for kind in (("BY",), ("BY", "SA"), ("BY", "NC"), ("BY", "ND"), ("BY", "NC", "SA"), ("BY", "NC", "ND"))
       for version in (3, 4)},
    "ODC_BL": "ODbL-1.0",
    "ODC_BY": "ODC-By-1.0",
    "ODC_PDDL": "PDDL-1.0",
    "MIT": "MIT",
    "APACHE_2_0": "Apache-2.0",
}  # fmt: skip
_PAGES: Final = {
    "creativecommons.org/publicdomain/zero/1.0": "CC0-1.0",
    "apache.org/licenses/license-2.0": "Apache-2.0",
    "opensource.org/licenses/mit": "MIT",
    "opensource.org/license/mit": "MIT",
    "opendatacommons.org/licenses/odbl/1-0": "ODbL-1.0",
    "opendatacommons.org/licenses/odbl/1.0": "ODbL-1.0",
    "opendatacommons.org/licenses/by/1-0": "ODC-By-1.0",
    "opendatacommons.org/licenses/by/1.0": "ODC-By-1.0",
    "opendatacommons.org/licenses/pddl/1-0": "PDDL-1.0",
    "opendatacommons.org/licenses/pddl/1.0": "PDDL-1.0",
    "cdla.dev/permissive-1-0": "CDLA-Permissive-1.0",
    "cdla.dev/permissive-2-0": "CDLA-Permissive-2.0",
    "cdla.dev/sharing-1-0": "CDLA-Sharing-1.0",
}
# What hubs call licences whose SPDX name is another one; "cc" and the like name no version and stay unknown.
_HUB: Final = {"odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0", "pddl": "PDDL-1.0"}
_PAGE: Final = re.compile(r"https?://(?:www\.)?(.+?)(?:\.html|\.txt|\.php)?/?")


def language_of(word: str) -> str | None:
    """Return the tag for an address, a name or a tag of a language; None for what is none."""
    found = _LANGUAGE.fullmatch(word)
    return tag_of(found["code"].lower() if found else word)


def theme_of(word: str) -> str | None:
    """Return the code of a theme by its address or its code; None for a theme of another table."""
    plain = word.replace("https://", "http://", 1).rstrip("/")
    for code, term in terms_of("theme").items():
        if plain in (term.iri.replace("https://", "http://", 1), code):
            return code
    return None


def region_of(word: str) -> str | None:
    """Return the code of a country or a region by its address or its code; None for a name of a place."""
    found = _COUNTRY.fullmatch(word)
    code = str(TERRITORY_REPLACEMENTS.get(found["code"].lower(), "")) if found else word.strip()
    for known, term in terms_of("region").items():
        if word == term.iri:
            return known
    try:
        return check_region(code)
    except ValueError:
        return None


def tier_suggested_by(right: str) -> Tier | None:
    """Return the least strict tier with an EU access right; None for a right that is none of the EU's."""
    found = _RIGHT.fullmatch(right.strip())
    return next((tier for tier in Tier if found and RULES[tier].eu_access_right == found[1]), None)


def licence_of(word: str) -> str:
    """Return the SPDX expression for a licence's address, id or name; ``unknown`` for everything else."""
    word = word.strip()
    if found := _SPDX.fullmatch(word):
        return _listed(found["id"])
    if found := _CREATIVE.fullmatch(word):
        port = f"-{found['port']}" if found["port"] else ""
        return _listed(f"CC-{found['kind']}-{found['version']}{port}")
    if found := _EU_LICENCE.fullmatch(word):
        return _EU_CODES.get(found["code"], UNKNOWN_LICENCE)
    if found := _PAGE.fullmatch(word):
        return _PAGES.get(found[1].lower().rstrip("/"), UNKNOWN_LICENCE)
    return _HUB.get(word.lower()) or licence_named(word)


def _listed(name: str) -> str:
    try:
        return check_licence(name)
    except ValueError:
        return UNKNOWN_LICENCE
