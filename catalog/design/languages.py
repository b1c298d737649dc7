"""Names and directions of languages, and the choice of one text among several languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from catalog.design.autonyms import AUTONYMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    name = AUTONYMS.get(language.language or "")
    if name is None:
        return tag
    rest = ", ".join(part for part in (language.script, language.territory) if part)
    return f"{name} ({rest})" if rest else name


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
