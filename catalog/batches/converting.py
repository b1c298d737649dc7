"""From the text of a cell to what the record stores there, or to what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from catalog.batches.days import read_day
from catalog.batches.faults import Unreadable
from catalog.batches.fields import Field, Kind
from catalog.batches.table import LOST
from catalog.batches.words import (
    UNKNOWN,
    answer_of,
    country_of_word,
    is_not_known,
    language_of_word,
    tier_of_word,
)
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.intake.licences import licence_named
from catalog.intake.mapping import ARTIFACT_TYPES, MODALITIES, THEMES
from catalog.intake.plain import plain
from catalog.vocabularies.reading import terms_of

LONGEST: Final[Mapping[str, int]] = {"title": 300, "summary": 600, "description": 20_000}
"""Characters, as the form has them; of other texts the record itself knows the limit."""
_HUB_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "theme": THEMES,
    "modality": MODALITIES,
    "artifact-type": ARTIFACT_TYPES,
}
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]{0,500}>|&(?:nbsp|amp|lt|gt|quot);")
_CREATOR: Final = re.compile(r"(?P<name>[^<>]{1,200}?)\s*(?:<\s*(?P<address>https?://[^\s<>\"]+)\s*>)?")
_EMAIL: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"/]+[^\s<>\"]*")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[,\u00a0\u202f _]\d{3})+|\d{1,18}")
_SHARE: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?(%?)")


def read_cell(field: Field, text: str) -> Any:
    """Return what the record stores for the text of a cell that is not empty.

    Raises:
        Unreadable: with the value and, where they are few, what could stand there.
    """
    if LOST in text:
        raise Unreadable("characters-lost", value=text)
    return _READERS[field.kind](field, text)


def parts_of(text: str) -> list[str]:
    """Return the values of a cell with several: by semicolons or lines, else by commas."""
    for separators in (";\n|", ","):
        parts = [part.strip() for part in re.split(f"[{separators}]", text)]
        if len(parts) > 1:
            return [part for part in parts if part]
    return [text.strip()]


def _texts(field: Field, text: str) -> str:
    bare = _text(field, text)
    most = LONGEST[field.path]
    if len(bare) > most:
        raise Unreadable("text-too-long", length=len(bare), most=most)
    return bare


def _text(_field: Field, text: str) -> str:
    if _MARKUP.search(text):
        raise Unreadable("markup", suggestion=plain(text), value=text)
    return text.strip()


def _term(field: Field, text: str) -> str:
    found = _terms_by_word(field.scheme).get(" ".join(text.split()).casefold())
    found = found or _HUB_WORDS.get(field.scheme, {}).get(text.strip().casefold())
    known = terms_of(field.scheme)
    if not found and is_not_known(text) and UNKNOWN in known:
        return UNKNOWN
    if not found:
        raise Unreadable("term-unknown", choices=", ".join(known), value=text)
    return found


def _terms_by_word(scheme: str) -> Mapping[str, str]:
    return {
        word.casefold(): code
        for code, term in terms_of(scheme).items()
        for word in (code, *term.labels.values())
    }


def _terms(field: Field, text: str) -> list[str]:
    known = _terms_by_word(field.scheme)
    if found := known.get(text.strip().casefold()):
        return [found]  # some labels hold a comma
    return _each(parts_of(text), lambda word: _term(field, word))


def _keywords(_field: Field, text: str) -> list[str]:
    return _each(parts_of(text), lambda word: word[:200])


def _languages(_field: Field, text: str) -> list[str]:
    whole = language_of_word(text.strip())
    return [whole] if whole else _each(parts_of(text), _language)


def _language(word: str) -> str:
    tag = language_of_word(word) or ("und" if is_not_known(word) else None)
    if tag is None:
        raise Unreadable("language-unknown", value=word)
    return tag


def _countries(_field: Field, text: str) -> list[str]:
    return _each(parts_of(text), _country)


def _country(word: str) -> str:
    code = country_of_word(word)
    if code is None:
        raise Unreadable("country-unknown", value=word)
    return code


def _regions(_field: Field, text: str) -> list[str]:
    known = _terms_by_word("region")
    return _each(parts_of(text), lambda word: known.get(word.casefold()) or _country(word))


def _creators(_field: Field, text: str) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = []
    for part in [each.strip() for each in re.split(r"[;\n|]", text) if each.strip()]:
        read = _CREATOR.fullmatch(part)
        if read is None:
            raise Unreadable("creator-unreadable", value=part)
        found.append({"name": read["name"], "address": read["address"]})
    return found


def _tier(_field: Field, text: str) -> str:
    tier = tier_of_word(text)
    if tier is None:
        raise Unreadable("tier-unknown", value=text)
    return str(tier)


def _licence(_field: Field, text: str) -> str:
    licence = licence_named(text)
    if licence == UNKNOWN_LICENCE and not is_not_known(text):
        raise Unreadable("licence-unknown", value=text)
    return licence


def _known(_field: Field, text: str) -> bool | str:
    answer = answer_of(text)
    if answer is None:
        raise Unreadable("answer-unreadable", value=text, choices="yes, no, unknown")
    return answer


def _boolean(_field: Field, text: str) -> bool:
    answer = answer_of(text)
    if not isinstance(answer, bool):
        raise Unreadable("answer-unreadable", value=text, choices="yes, no")
    return answer


def _count(_field: Field, text: str) -> int:
    if not _GROUPED.fullmatch(text.strip()):
        raise Unreadable("number-unreadable", value=text)
    return int(re.sub(r"\D", "", text))


def _share(_field: Field, text: str) -> float:
    found = _SHARE.fullmatch(text.strip())
    share = float(found[1].replace(",", ".")) / (100 if found[2] else 1) if found else 2.0
    if share > 1:
        raise Unreadable("share-unreadable", value=text)
    return share


def _matching(code: str, pattern: re.Pattern[str]) -> Callable[[Field, str], str]:
    def read(_field: Field, text: str) -> str:
        if not pattern.fullmatch(text.strip()):
            raise Unreadable(code, value=text)
        return text.strip()

    return read


def _each(words: Iterable[str], read: Callable[[str], str]) -> list[str]:
    return list(dict.fromkeys(map(read, words)))


_READERS: Final[Mapping[Kind, Callable[[Field, str], Any]]] = {
    Kind.TEXTS: _texts,
    Kind.TEXT: _text,
    Kind.TERM: _term,
    Kind.TERMS: _terms,
    Kind.KEYWORDS: _keywords,
    Kind.LANGUAGES: _languages,
    Kind.COUNTRIES: _countries,
    Kind.REGIONS: _regions,
    Kind.CREATORS: _creators,
    Kind.TIER: _tier,
    Kind.LICENCE: _licence,
    Kind.KNOWN: _known,
    Kind.BOOLEAN: _boolean,
    Kind.DAY: lambda _field, text: read_day(text).isoformat(),
    Kind.COUNT: _count,
    Kind.SHARE: _share,
    Kind.EMAIL: _matching("email-malformed", _EMAIL),
    Kind.ADDRESS: _matching("address-malformed", _ADDRESS),
}
