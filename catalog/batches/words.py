"""Words for yes, no and the tiers, for languages and countries, as tables hold them."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Final

from langcodes import Language

from catalog.design.languages import suggested_languages
from catalog.intake.languages import tag_of
from catalog.tiers import RULES, Tier

UNKNOWN: Final = "unknown"
_YES: Final = frozenset(
    {
        *("yes", "y", "true", "1", "x", "✓", "checked", "agreed", "allowed", "permitted"),
        *("oui", "sí", "si", "sim", "ja", "да", "نعم", "có", "はい", "是", "evet", "ndiyo"),
    }
)
_NO: Final = frozenset(
    {
        *("no", "n", "false", "0", "none", "forbidden", "prohibited", "not allowed"),
        *("non", "não", "nao", "nein", "nee", "нет", "لا", "không", "いいえ", "否", "hayır", "hapana"),
    }
)
_NOT_KNOWN: Final = frozenset(
    {
        *("unknown", "not known", "not stated", "unclear", "unsure", "?", "n/a", "na", "tbd", "don't know"),
        *("inconnu", "desconocido", "desconhecido", "unbekannt", "không rõ", "not specified", "other"),
    }
)
_TIERS: Final = {
    **{plain: tier for tier in Tier for plain in (str(tier), str(tier).replace("-", " "))},
    **{rules.upstream_name: tier for tier, rules in RULES.items()},
    **{rules.spdx_confidentiality: tier for tier, rules in RULES.items()},
    "public": Tier.OPEN,
    **dict.fromkeys(
        ("participant private", "non public", "non_public", "not public", "nonpublic"), Tier.PRIVATE
    ),
    **dict.fromkeys(("confidential", "secret", "sealed", "strictly private"), Tier.PRIVATE),
}


def answer_of(text: str) -> bool | str | None:
    """Return True, False or ``unknown`` for a word of many languages; None for any other."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return UNKNOWN if word in _NOT_KNOWN else None


def is_not_known(text: str) -> bool:
    """Tell whether a cell says that nobody knows."""
    return text.strip().casefold() in _NOT_KNOWN


def tier_of_word(text: str) -> Tier | None:
    """Return the tier for its name here, upstream's, or a level of confidentiality that means it alone."""
    return _TIERS.get(" ".join(text.split()).casefold())


def language_of_word(word: str) -> str | None:
    """Return the tag for a tag, an English name, or what a language calls itself."""
    return tag_of(word) or _autonyms().get(word.casefold())


def country_of_word(word: str) -> str | None:
    """Return the code of ISO 3166-1 for a code or an English name."""
    upper = word.upper()
    return upper if upper in _countries().values() else _countries().get(word.casefold())


@cache
def _autonyms() -> dict[str, str]:
    return {name.casefold(): tag for tag, name in suggested_languages()}


@cache
def _countries() -> dict[str, str]:
    """Return codes by name: CLDR's, whose territories are those of ISO 3166-1."""
    return dict(_named())


def _named() -> Iterator[tuple[str, str]]:
    for letters in product(ascii_uppercase, repeat=2):
        code = "".join(letters)
        territory = Language.make(territory=code)
        name = territory.territory_name("en")
        if territory.is_valid() and name and name != code and not name.startswith("Unknown"):
            yield name.casefold(), code
