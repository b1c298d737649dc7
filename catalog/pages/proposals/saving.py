"""Saving one step: what can be read, what can not, and what somebody else changed at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from catalog.pages.proposals.clashing import SideBySide, choices_in, side_by_side
from catalog.pages.proposals.forms.base import StepForm, value_at
from catalog.proposals.merging import UNANSWERED, Choice, Clash, Path, Shown, shown, shown_beside
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_answers
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step after it was saved.

    ``base`` is what its page shows from now on; ``open`` tells that somebody has to choose between two
    answers, ``news`` that others changed some which the page shows as they were.
    """

    proposal: Proposal
    base: Shown
    beside: list[SideBySide]
    open: bool
    news: bool

    @classmethod
    def of_nothing(cls, proposal: Proposal, form: StepForm) -> Self:
        """Return what holds when nothing was saved: the page shows what it showed."""
        return cls(proposal, form.shown_before() or {}, [], open=False, news=False)


def save_step(actor: Actor, proposal: Proposal, form: StepForm, sent: QueryDict) -> Outcome:
    """Save what a step says on top of the newest draft. ``form`` was checked; it may have refused answers.

    Raises:
        As ``save_answers``.
    """
    patch, choices = form.as_patch(), choices_in(sent)
    kept = dict.fromkeys(form.unsaved(), Choice.SAVED)
    saved = save_answers(
        actor=actor,
        proposal=proposal,
        answers=patch,
        base=_base(form, proposal),
        revision=form.cleaned_data.get("revision") or 0,
        choices={**choices, **kept},
    )
    now = {name: value for name, value in saved.proposal.record.items() if name in patch}
    given_up = [_both(path, now, patch) for path, choice in choices.items() if choice is Choice.SAVED]
    beside = [*given_up, *saved.clashes] if saved.clashes else []
    return Outcome(
        proposal=saved.proposal,
        base=shown_beside(patch, beside),
        beside=side_by_side(beside, choices),
        open=bool(saved.clashes),
        news=shown(now) != shown_beside(patch, [*given_up, *saved.clashes]),
    )


def _base(form: StepForm, proposal: Proposal) -> Shown:
    """Return what the sender was shown; who does not tell it, and is not late, was shown what is saved."""
    told = form.shown_before()
    if told is not None:
        return told
    is_late = form.cleaned_data.get("revision") != proposal.revision
    return {} if is_late else form.shown_of(proposal.record)


def _both(path: Path, saved: Mapping[str, Any], typed: Mapping[str, Any]) -> Clash:
    sides = (value_at(record, ".".join(path)) for record in (saved, typed))
    return Clash(path, *(None if side in UNANSWERED else side for side in sides))
