"""Values of the record that come from somebody else's list, and how they are checked."""

import re
from functools import cache, partial
from typing import Annotated, Final

import langcodes
from license_expression import ExpressionError, Licensing, get_spdx_licensing
from pydantic import AfterValidator

from catalog.vocabularies.reading import check_term

UNKNOWN_LICENCE: Final = "unknown"
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


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


def check_country(code: str) -> str:
    """Return the ISO 3166-1 alpha-2 code in upper case; raise ValueError when there is no such country."""
    upper = code.strip().upper()
    if not _COUNTRY.fullmatch(upper) or not langcodes.Language.make(territory=upper).is_valid():
        raise ValueError(f"{code!r} is not a country code of ISO 3166-1, such as 'VN'")
    return upper


def check_region(code: str) -> str:
    """Return a country's code or that of a region of the vocabulary; raise ValueError for neither."""
    return check_term("region", code) if code.isdigit() else check_country(code)


def _term(scheme: str) -> AfterValidator:
    return AfterValidator(partial(check_term, scheme))


LanguageTag = Annotated[str, AfterValidator(check_language)]
Licence = Annotated[str, AfterValidator(check_licence)]
Region = Annotated[str, AfterValidator(check_region)]
Theme = Annotated[str, _term("theme")]
ArtifactType = Annotated[str, _term("artifact-type")]
Modality = Annotated[str, _term("modality")]
PersonalData = Annotated[str, _term("personal-data")]
PrivacyTechnology = Annotated[str, _term("privacy-technology")]
TechnicalControl = Annotated[str, _term("technical-control")]
ConsentBasis = Annotated[str, _term("consent-basis")]
CollectionMethod = Annotated[str, _term("collection-method")]
ProhibitedUse = Annotated[str, _term("prohibited-use")]
UnwantedCategory = Annotated[str, _term("unwanted-category")]
