"""Names and directions of languages, and the choice of one text among several languages.

Names of languages and territories are those of Unicode CLDR, from `language_data`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import get_language
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TERRITORY = re.compile(r"[A-Z]{2}|[0-9]{3}")
# Codes with a name in CLDR that are no country of ISO 3166-1: former states, groups, parts of others, tests.
_NO_COUNTRY = re.compile(r"A[ACN]|BU|C[PQS]|D[DG]|E[AUZ]|FX|IC|NT|QO|SU|T[AP]|UN|X[AB]|Y[DU]|Z[RZ]")
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})


class LocalisedText(NamedTuple):
    """A text and the language it is in."""

    text: str
    tag: str
    direction: str


def autonym(tag: str) -> str:
    """Return the language's own name with its region or script in codes: `português (BR)`.

    A tag that nobody registered, or one without a known name, is returned as it is.
    """
    try:
        language = Language.get(tag)
    except LanguageTagError:
        return tag
    base = Language.make(language=language.language)
    name = _known(base.autonym())
    if not name:
        return tag
    rest = ", ".join(part for part in (language.script, language.territory) if part)
    return f"{name} ({rest})" if rest else name


def language_for_reader(tag: str) -> str:
    """Return what the reader calls the language of a tag, without region and script; empty if unnamed."""
    try:
        base = Language.make(language=Language.get(tag).language)
    except LanguageTagError:
        return ""
    return _known(base.language_name(_reader()))


def territory_for_reader(code: str) -> str:
    """Return what the reader calls a country or region (ISO 3166-1 alpha-2, UN M.49); else the code."""
    if not _TERRITORY.fullmatch(code):
        return code
    return _known(Language.make(territory=code).territory_name(_reader())) or code


def countries_for_reader() -> list[tuple[str, str]]:
    """Return code and name of each country and dependent territory (ISO 3166-1, and XK), by their names."""
    return list(_countries(_reader()))


@cache
def _countries(reader: str) -> tuple[tuple[str, str], ...]:
    codes = (code for code in map("".join, product(ascii_uppercase, repeat=2)) if not _NO_COUNTRY.match(code))
    names = ((code, _known(Language.make(territory=code).territory_name(reader))) for code in codes)
    return tuple(sorted((each for each in names if each[1]), key=lambda each: _without_marks(each[1])))


def _without_marks(name: str) -> str:
    """Return what a name is sorted by, so that Åland and Égypte stand under A and E."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def suggested_languages() -> tuple[tuple[str, str], ...]:
    """Return code and own name of each language that has a code of two letters, by their codes."""
    codes = map("".join, product(ascii_lowercase, repeat=2))
    names = ((code, _known(Language.make(language=code).autonym())) for code in codes)
    return tuple((code, name) for code, name in names if name)


def _known(name: str) -> str:
    return "" if name.endswith("]") else name  # "Unknown language [xx]", in whichever language


def _reader() -> str:
    return get_language() or "en"


def names_of_languages(tags: Iterable[str]) -> str:
    """Return languages by their own names, with their tags and in order of these: `français (fr)`."""
    return ", ".join(tag if (name := autonym(tag)) == tag else f"{name} ({tag})" for tag in sorted(tags))


def text_direction(tag: str) -> str:
    """Return `rtl` or `ltr`, from the script that the language is most likely written in."""
    try:
        script = Language.get(tag).maximize().script
    except LanguageTagError:
        return "ltr"
    return "rtl" if script in RIGHT_TO_LEFT_SCRIPTS else "ltr"


def choose_text(texts: Mapping[str, str], wanted: str) -> LocalisedText:
    """Choose the text in the wanted language, else its base language, else English, else the first.

    An empty mapping gives an empty text in the wanted language.
    """
    present = {tag: text for tag, text in texts.items() if text}
    for tag in (wanted, wanted.split("-", maxsplit=1)[0], "en", *present):
        if tag in present:
            return LocalisedText(present[tag], tag, text_direction(tag))
    return LocalisedText("", wanted, text_direction(wanted))
