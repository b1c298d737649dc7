"""What was read from a description, in words: for the page that shows it, and beside the draft it became."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.design.tier_words import words_of_tier
from catalog.intake.readers import Kind
from catalog.pages.proposals.steps import address_of_step, step_of
from catalog.proposals.models import Proposal
from catalog.proposals.wording import name_of
from catalog.tiers import Tier

KINDS: Final[Mapping[str, str | Promise]] = {
    Kind.CROISSANT: gettext_lazy("Croissant"),
    Kind.SCHEMA: gettext_lazy("a description in the words of schema.org"),
    Kind.DCAT: gettext_lazy("DCAT"),
    Kind.CARD: gettext_lazy("a dataset card"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A field, what there is to say of it, and where its question is asked, if there is a draft."""

    name: str | Promise
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """All notes of a reading. ``source`` is an address, a file's name, or empty for a text."""

    kind: str | Promise
    source: str
    normalised: list[Note]
    unclear: list[Note]
    missing: list[Note]
    suggested: list[Note]


def notes_of(intake: Mapping[str, Any], proposal: Proposal | None = None) -> Notes | None:
    """Put the notes of a draft into words; None for one that was read from nowhere."""
    if not intake.get("format"):
        return None
    unknown: dict[str, str] = intake.get("unknown", {})
    missing = [name for name, text in unknown.items() if not text]

    def noted(field: str, text: str) -> Note:
        url = address_of_step(proposal, step_of(proposal, field)) if proposal else ""
        return Note(name_of(field), text, url)

    return Notes(
        kind=KINDS.get(intake["format"], ""),
        source=intake.get("source", ""),
        normalised=[noted(field, _normalised(said)) for field, said in intake.get("normalised", {}).items()],
        unclear=[noted(*each) for each in unknown.items() if each[1]],
        missing=[noted(field, "") for field in missing],
        suggested=[
            noted(field, _suggestion(field, said)) for field, said in intake.get("suggested", {}).items()
        ],
    )


def _normalised(said: str) -> str:
    """Say what was made of what; where nothing was stated, what it was taken for."""
    before, arrow, made = said.partition("→")
    if not said:
        return _("the first sentences of the description")
    if arrow and not before.strip():
        return _("recognised as %(made)s") % {"made": made.strip()}
    return said


def _suggestion(field: str, said: str) -> str:
    if field == "tier" and said in set(Tier):
        return _("what it says of access fits “%(tier)s” at best") % {"tier": words_of_tier(said).word}
    if field == "title":
        return _("say which language the texts are in; it is not stated, and they are too short to tell")
    if field == "contact":
        return _("published by %(name)s, without an address for questions") % {"name": said}
    return said
