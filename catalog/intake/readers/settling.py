"""From what a description states to answers of a record, with a note of all that was read into it or not.

Notes hold words of the description alone: what a page says around them, it says in its reader's language.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from catalog.datasets.vocabulary import UNKNOWN_LICENCE, check_language
from catalog.intake.languages import UNDETERMINED, language_of_text
from catalog.intake.licences import rights_of
from catalog.intake.mapping import NO_THEME, SIZES, UNKNOWN, artifact_type_of, modality_of, themes_of
from catalog.intake.normalising import MOST_KEYWORDS, Normalised
from catalog.intake.plain import LONGEST, LONGEST_SUMMARY, plain, shortened, summary_of
from catalog.intake.readers.amounts import bytes_of, period_of
from catalog.intake.readers.authorities import (
    language_of,
    licence_of,
    region_of,
    theme_of,
    tier_suggested_by,
)
from catalog.intake.readers.graph import Literal
from catalog.intake.readers.stated import Named, Stated
from catalog.vocabularies.reading import terms_of

_T = TypeVar("_T")
LONGEST_NOTE: Final = 200  # characters
_LONGEST_TEXT: Final = 4000  # characters, as a record's long texts have them
_LONGEST_NAME: Final = 200
_LONGEST_KEYWORD: Final = 80
_MOST: Final = {"languages": 200, "themes": 13, "regions": 100, "creators": 100, "sources": 100, "texts": 60}
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"\x00-\x20\x7f\ud800-\udfff]{1,980}")
_MAIL: Final = re.compile(
    r"(?:mailto:)?(?P<mail>[^@\s<>\"\x00-\x20\ud800-\udfff]{1,100}@[\w-]+(?:\.[\w-]+){1,8})"
)
# The vocabulary of each answer that must be one of its terms.
_TERMS: Final = {"artifact_type": "artifact-type", "modality": "modality"}
# What a submission asks for, and whatever else a description usually tells.
_EXPECTED: Final = (
    *("title", "summary", "description", "artifact_type", "contact", "creators", "modality", "themes"),
    *("languages", "represents", "licence", "rights", "origin", "personal_data", "size", "located_at"),
)


def settle(stated: Stated) -> Normalised:
    """Return the answers that a description gives to the questions of a record.

    Never among them: the tier, which its steward chooses, the stages of training that the holder permits, and
    the affirmation.
    """
    made = Normalised({})
    _texts(made, stated)
    _coverage(made, stated)
    _licence(made, stated.licences)
    _people(made, stated)
    _terms(made, stated)
    _parts(made, stated)
    _suggest(made, stated)
    for field, text in stated.noted.items():
        made.unknown.setdefault(field, _note(text))
    for field in _EXPECTED:
        if field not in made.record:
            made.unknown.setdefault(field, "")
    return made


def _texts(made: Normalised, stated: Stated) -> None:
    spoken = " ".join(each.text[:2000] for each in (*stated.descriptions, *stated.summaries, *stated.titles))
    language = language_of_text(plain(spoken, longest=2000))
    wanted = (
        ("title", stated.titles, _LONGEST_NAME),
        ("summary", stated.summaries, LONGEST_SUMMARY),
        ("description", stated.descriptions, LONGEST),
    )
    for field, literals, longest in wanted:
        if texts := _per_language(literals, language, longest):
            made.record[field] = texts
        if texts.keys() - {UNDETERMINED} and any(not _tag(each.language) for each in literals):
            made.normalised[field] = f"→ {language}"
        if UNDETERMINED in texts:
            made.suggested["title"] = UNDETERMINED
    if "summary" not in made.record and "description" in made.record:
        summaries = {tag: summary_of(text) for tag, text in made.record["description"].items()}
        made.record["summary"] = summaries
        made.normalised["summary"] = ""  # of the description's first sentences


def _per_language(literals: Sequence[Literal], otherwise: str, longest: int) -> dict[str, str]:
    """Return the first text of each language; one that names no language is in the language found in it."""
    texts: dict[str, str] = {}
    for each in literals[: _MOST["texts"]]:
        if text := plain(each.text, longest=longest):
            texts.setdefault(_tag(each.language) or otherwise, text)
    return texts


def _tag(language: str) -> str:
    try:
        return check_language(language) if language else ""
    except ValueError:
        return ""


def _coverage(made: Normalised, stated: Stated) -> None:
    _codes(made, "languages", stated.languages, language_of)
    _codes(made, "themes", stated.themes, theme_of)
    _codes(made, "regions", stated.regions, region_of)
    words = [*stated.words, *stated.keywords]
    if "themes" not in made.record and (themes := themes_of(words)) != [NO_THEME]:
        made.record["themes"] = themes
        made.normalised["themes"] = f"→ {', '.join(themes)}"
    keywords = (SIZES.get(word) or plain(word, longest=_LONGEST_KEYWORD) for word in stated.keywords)
    if kept := list(dict.fromkeys(filter(None, keywords)))[:MOST_KEYWORDS]:
        made.record["keywords"] = kept
    if period := _first_of(period_of(*each) for each in stated.periods):
        made.record["temporal"] = period
    elif said := [f"{start}/{end}" for start, end in stated.periods if start or end]:
        made.unknown["temporal"] = _note(said[0])
    if (size := bytes_of(stated.sizes)) is not None:
        made.record["size"] = {"bytes": size}
    elif stated.sizes:
        made.unknown["size"] = _note(", ".join(stated.sizes[:3]))
    if address := _first_of(word for word in stated.addresses if _ADDRESS.fullmatch(word)):
        made.record["located_at"] = address


def _codes(made: Normalised, field: str, words: Sequence[str], read: Callable[[str], str | None]) -> None:
    """Take over the words that are codes, each once, and note those that are none."""
    found = {word: read(word) for word in dict.fromkeys(words[:1000])}
    codes = list(dict.fromkeys(filter(None, found.values())))[: _MOST[field]]
    if codes:
        made.record[field] = codes
    if strange := [word for word, code in found.items() if code is None]:
        made.unknown[field] = _note(", ".join(strange))
    if changed := [f"{word} → {code}" for word, code in found.items() if code and code != word]:
        made.normalised[field] = _note(", ".join(changed))


def _licence(made: Normalised, words: Sequence[str]) -> None:
    """Take over one licence; of several that differ none is chosen, and what is not known stays unknown."""
    if not words:
        return
    found = dict.fromkeys(licence_of(word) for word in words)
    licence = next(iter(found)) if len(found) == 1 else UNKNOWN_LICENCE
    made.record["licence"] = licence
    if licence == UNKNOWN_LICENCE:
        made.unknown["licence"] = _note(", ".join(words))
        return
    if words[0] != licence:
        made.normalised["licence"] = _note(f"{words[0]} → {licence}")
    rights = rights_of(licence)
    if any(answer != UNKNOWN for answer in rights.values()):
        made.record["rights"] = dict(rights)
        made.normalised["rights"] = licence


def _people(made: Normalised, stated: Stated) -> None:
    creators = [
        {"name": name, "address": each.address if _ADDRESS.fullmatch(each.address) else None}
        for each in stated.creators[: _MOST["creators"]]
        if (name := plain(each.name, longest=_LONGEST_NAME))
    ]
    if creators:
        made.record["creators"] = creators
    if contact := _first_of(map(_contact, stated.contacts)):
        made.record["contact"] = contact
    elif said := next((each.name or each.address for each in stated.contacts), ""):
        made.unknown["contact"] = _note(said)


def _contact(stated: Named) -> dict[str, str] | None:
    found, name = _MAIL.fullmatch(stated.address.strip()), plain(stated.name, longest=_LONGEST_NAME)
    return {"name": name or found["mail"], "email": found["mail"], "role": ""} if found else None


def _terms(made: Normalised, stated: Stated) -> None:
    """Take over terms of our own, and of the words of hubs those that mean one."""
    words = [*stated.words, *stated.keywords]
    read = {"artifact_type": artifact_type_of(words), "modality": modality_of(words)}
    for field, scheme in _TERMS.items():
        said = str(stated.answers.pop(field, ""))
        if said in terms_of(scheme):
            made.record[field] = said
        elif read[field] != UNKNOWN:
            made.record[field] = read[field]
            made.normalised[field] = f"→ {read[field]}"


def _parts(made: Normalised, stated: Stated) -> None:
    """Take over long texts, sources, and how the data were collected."""
    if sources := stated.answers.pop("sources", None):
        made.record["sources"] = sources[: _MOST["sources"]]
    if represents := plain(str(stated.answers.pop("represents", "")), longest=300):
        made.record["represents"] = represents
    if origin := plain("\n\n".join(stated.origins), longest=_LONGEST_TEXT):
        made.record["origin"] = origin
    for path, text in stated.answers.items():
        part, name = path.split(".")
        if said := plain(str(text), longest=_LONGEST_TEXT):
            made.record.setdefault(part, {})[name] = said
    known = [word for word in dict.fromkeys(stated.methods) if word in terms_of("collection-method")]
    collected: dict[str, Any] = {"methods": known} if known else {}
    if period := _first_of(period_of(*each) for each in stated.collected):
        collected["period"] = period
    if collected:
        made.record["collection"] = collected
    if strange := [word for word in stated.methods if word not in known]:
        made.unknown["collection"] = _note(", ".join(strange))


def _suggest(made: Normalised, stated: Stated) -> None:
    """Keep what only the steward decides: a right of access is no tier, a publisher is no contact."""
    for field, text in stated.suggested.items():
        if field not in made.record:
            tier = tier_suggested_by(text) if field == "tier" else None
            made.suggested[field] = str(tier or _note(text))


def _first_of(found: Iterable[_T | None]) -> _T | None:
    return next((each for each in found if each), None)


def _note(text: str) -> str:
    return shortened(" ".join(plain(text, longest=2 * LONGEST_NOTE).split()), LONGEST_NOTE)
