"""From a description to a record, with a note of everything that was read into it or found missing."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.intake.descriptions import Description
from catalog.intake.languages import UNDETERMINED, language_of_text, tags_of
from catalog.intake.licences import licence_named, rights_of
from catalog.intake.mapping import (
    NO_THEME,
    SIZES,
    UNKNOWN,
    artifact_type_of,
    modality_of,
    stages_of,
    themes_of,
)
from catalog.intake.plain import plain, shortened, summary_of
from catalog.tiers import Tier

NOT_STATED: Final = "Not stated."
MOST_KEYWORDS: Final = 50
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]{1,900}")
_NAME: Final = 200  # characters of a title, a creator, a keyword


@dataclass(slots=True)
class Normalised:
    """A record, and per field what was done: ``normalised`` from … to …, or ``unknown``.

    ``suggested`` says per field what only a person decides, and is not in the record.
    """

    record: dict[str, Any]
    normalised: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lister:
    """Who lists the entries: name and e-mail address stand as the contact, ``source`` in each origin."""

    name: str
    email: str
    source: str


def normalise(description: Description, lister: Lister) -> Normalised:
    """Make a record of what a description says, and of nothing else."""
    made = Normalised({})
    words = [*description.keywords, *(description.categories.modality or [])]
    domains = [*(description.categories.domain or []), *description.keywords]
    _texts(made, description)
    _languages(made, description)
    _licence(made, description.license or "")
    _term(made, "artifact_type", artifact_type_of(words))
    _term(made, "modality", modality_of(words))
    made.record["themes"] = themes_of(domains)
    if made.record["themes"] == [NO_THEME]:
        made.unknown["themes"] = "no word of its domain is known"
    else:
        made.normalised["themes"] = f"→ {', '.join(made.record['themes'])}"
    stated = [plain(word, longest=80) for word in description.categories.domain or []]
    made.record["represents"] = shortened(", ".join(stated), 300) or NOT_STATED
    if not stated:
        made.unknown["represents"] = "no domain is stated"
    _people(made, description, lister)
    made.record |= {
        "keywords": _keywords(made, description),
        "located_at": description.url,
        "tier": str(Tier.OPEN),
        "personal_data": UNKNOWN,
    }
    made.unknown["personal_data"] = "the source does not say"
    return made


def _texts(made: Normalised, description: Description) -> None:
    text = plain(description.description or "")
    if not text:
        made.unknown["description"] = "none is given"
    elif text != (description.description or "").strip():
        made.normalised["description"] = "markup taken out"
    language = language_of_text(text)
    if language == UNDETERMINED:
        made.unknown["language of the texts"] = "too short, or not certain"
    title = plain(description.name.replace("_", " "), longest=_NAME) or shortened(description.url, _NAME)
    made.record |= {
        "title": {language: title},
        "summary": {language: summary_of(text) or NOT_STATED},
        "description": {language: text or NOT_STATED},
    }


def _languages(made: Normalised, description: Description) -> None:
    words = description.categories.language or []
    tags, strange = tags_of(words, description.keywords)
    made.record["languages"] = tags[:200] or [UNDETERMINED]
    if strange:
        made.unknown["names of languages"] = ", ".join(strange[:10])
    if tags:
        made.normalised["languages"] = f"→ {', '.join(tags[:10])}"
    else:
        made.unknown["languages"] = "none is stated"


def _licence(made: Normalised, name: str) -> None:
    licence = licence_named(name)
    rights = rights_of(licence)
    made.record |= {
        "licence": licence,
        "rights": dict(rights),
        "permitted_stages": stages_of(rights["model_training"]),
    }
    if licence == UNKNOWN_LICENCE:
        made.unknown["licence"] = shortened(plain(name), 80) or "none is stated"
    elif licence != name:
        made.normalised["licence"] = f"{shortened(name, 80)} → {licence}"
    if open_questions := [question for question, answer in rights.items() if answer == UNKNOWN]:
        made.unknown["rights"] = f"{licence}: {', '.join(open_questions)}"


def _term(made: Normalised, name: str, code: str) -> None:
    made.record[name] = code
    if code == UNKNOWN:
        made.unknown[name] = "no keyword tells it"
    else:
        made.normalised[name] = f"→ {code}"


def _people(made: Normalised, description: Description, lister: Lister) -> None:
    creator = plain(description.creator or "", longest=_NAME)
    address = description.creator_url or ""
    if creator:
        made.record["creators"] = [
            {"name": creator, "address": address if _ADDRESS.fullmatch(address) else None}
        ]
    else:
        made.unknown["creators"] = "none is stated"
    made.record |= {
        "contact": {"name": lister.name, "email": lister.email, "role": "lists this entry"},
        "origin": f"Listed, not owned: described in {lister.source}, kept at {description.url}"
        f"{f', made by {creator}' if creator else ''}. What is affirmed is this listing alone.",
        "affirmed": True,
    }


def _keywords(made: Normalised, description: Description) -> list[str]:
    kept = dict.fromkeys(SIZES.get(word) or plain(word, longest=_NAME) for word in description.keywords)
    if sizes := [SIZES[word] for word in description.keywords if word in SIZES]:
        made.normalised["size"] = f"→ {', '.join(sizes)}, kept as a keyword"
    else:
        made.unknown["size"] = "none is stated"
    return list(filter(None, kept))[:MOST_KEYWORDS]
