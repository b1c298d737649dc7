"""From names of languages to tags of BCP 47, and the language of a text itself."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from catalog.datasets.vocabulary import check_language
from catalog.facts.languages import SHORTEST, identify

UNDETERMINED: Final = "und"
_NAMES: Final = Path(__file__).parent / "data" / "language-names.json"
_QUALIFIER: Final = re.compile(
    r" (individual language|macrolanguage|post \d+|kenya and tanzania|philippines|"
    r"kenya|zambia|india|ca \d+ \d+)$"
)


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = json.loads(_NAMES.read_text("utf-8"))["names"]
    return names


@cache
def tag_named(name: str) -> str | None:
    """Return the tag of a language by its English name; None for a name that we do not know."""
    plain = " ".join(name.replace("_", " ").split()).lower()
    return _names().get(plain) or _names().get(_QUALIFIER.sub("", plain))


@cache
def tag_of(word: str) -> str | None:
    """Return the tag for a name or a tag; None for neither."""
    if named := tag_named(word):
        return named
    try:
        return check_language(word) if 2 <= len(word) <= 35 else None  # noqa: PLR2004 - as BCP 47 has them
    except ValueError:
        return None


def tags_of(words: Iterable[str], keywords: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the tags that words and keywords name, each once, and the words that name none.

    A keyword counts only as a whole name: "it" or "ml" mean too many things.
    """
    found: dict[str, None] = {}
    strange: list[str] = []
    for word in words:
        if tag := tag_of(word):
            found[tag] = None
        else:
            strange.append(word)
    found.update(dict.fromkeys(tag for keyword in keywords if (tag := tag_named(keyword))))
    return list(found), strange


def language_of_text(text: str) -> str:
    """Return the language that a text is written in, ``und`` where that is not certain enough."""
    if len(text) < SHORTEST:
        return UNDETERMINED
    ((tag, _),) = identify([text[:2000]]).items()
    return tag
