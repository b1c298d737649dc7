"""What is still to be settled before a steward hands in again, each with the step that mends it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from catalog.pages.proposals.finding import may_edit
from catalog.pages.proposals.steps import BY_SLUG, step_of
from catalog.pages.review.talk import Talk, Talks, talks_of
from catalog.proposals.models import Proposal
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """An open talk and the title of the step on which its answer is changed; none for a talk about all."""

    talk: Talk
    step: str | Promise


def asked_of(actor: Actor, proposal: Proposal, talks: Talks | None = None) -> list[Asked]:
    """Return the open talks of a proposal that the reader may edit now, requested ones first."""
    if not may_edit(actor, proposal):
        return []
    talks = talks or talks_of(actor, proposal)
    return [Asked(talk, _step(proposal, talk)) for talk in talks.unsettled]


def _step(proposal: Proposal, talk: Talk) -> str | Promise:
    field = talk.thread.field
    return BY_SLUG[step_of(proposal, field)].title if field else ""
