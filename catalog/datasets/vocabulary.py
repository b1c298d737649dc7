"""Values of the record that come from somebody else's list, and how they are checked."""

from functools import cache
from typing import Annotated, Final

import langcodes
from license_expression import ExpressionError, Licensing, get_spdx_licensing
from pydantic import AfterValidator

# EU Vocabularies, authority table "data theme", as DCAT-AP 3.0.1 asks for them.
THEMES: Final[dict[str, str]] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENER": "Energy",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "INTR": "International issues",
    "JUST": "Justice, legal system and public safety",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TECH": "Science and technology",
    "TRAN": "Transport",
}
UNKNOWN_LICENCE: Final = "unknown"


@cache
def _spdx() -> Licensing:
    return get_spdx_licensing()


def check_language(tag: str) -> str:
    """Return the BCP-47 tag in its canonical case; raise ValueError when it is not one."""
    if not langcodes.tag_is_valid(tag):
        raise ValueError(f"{tag!r} is not a language tag of BCP 47, such as 'vi' or 'pt-BR'")
    return langcodes.standardize_tag(tag)


def check_licence(text: str) -> str:
    """Return the SPDX expression in canonical form, or ``unknown``; raise ValueError for anything else.

    ``LicenseRef-…`` names a rights basis that SPDX does not list (SPDX 3.0, annex on expressions).
    """
    text = text.strip()
    if text.lower() == UNKNOWN_LICENCE:
        return UNKNOWN_LICENCE
    try:
        parsed = _spdx().parse(text, validate=False, strict=True)
    except (ExpressionError, ValueError) as error:
        raise ValueError(f"{text!r} is not a licence expression of SPDX: {error}") from None
    strange = [key for key in _spdx().unknown_license_keys(parsed) if not key.startswith("LicenseRef-")]
    if parsed is None or strange:
        raise ValueError(
            f"SPDX does not list {', '.join(strange) or text!r}: use a listed name, 'LicenseRef-…' for a "
            "named rights basis, or 'unknown'"
        )
    return str(parsed)


def check_theme(code: str) -> str:
    """Return the theme's code; raise ValueError when the EU's list does not have it."""
    if code not in THEMES:
        raise ValueError(f"{code!r} is not a theme: choose from {', '.join(THEMES)}")
    return code


LanguageTag = Annotated[str, AfterValidator(check_language)]
Licence = Annotated[str, AfterValidator(check_licence)]
Theme = Annotated[str, AfterValidator(check_theme)]
