"""Questions to the contributing member and its answers, as a talk on the page."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from catalog.members.models import Role
from provenance.actors import Actor
from training.contributions.access import answers_for
from training.contributions.models import Contribution
from training.contributions.review_models import ContributionRequest
from training.contributions.states import ContributionState
from training.pages.contributions.forms import AnswerForm, AskForm
from training.pages.voices import voices_of

ASK_ID: Final = "ask-%s"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with a form for who may answer it."""

    request: ContributionRequest
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class Talk:
    """All questions, oldest first; ``form`` for who may ask. ``unanswered`` counts those that wait."""

    asked: list[Asked]
    form: AskForm | None

    @property
    def unanswered(self) -> int:
        """How many questions wait for an answer."""
        return sum(each.request.answered_at is None for each in self.asked)


def talk_on(
    actor: Actor,
    contribution: Contribution,
    *,
    asking: AskForm | None = None,
    answering: tuple[UUID, AnswerForm] | None = None,
) -> Talk:
    """Return the talk as ``actor`` meets it; a form that did not pass takes the place of an empty one."""
    rows = contribution.requests.select_related("maintainer", "member", "answered_by")
    answers = answers_for(actor, contribution)
    asked = [Asked(row, _answer_form(row, answering) if answers else None) for row in rows]
    return Talk(asked, asking or _ask_form(actor, contribution))


def answer_id(key: UUID) -> str:
    """Return how the fields of the answer to one question are called on the page."""
    return f"answer-{key}-%s"


def _answer_form(row: ContributionRequest, answering: tuple[UUID, AnswerForm] | None) -> AnswerForm | None:
    if row.answered_at is not None:
        return None
    if answering is not None and answering[0] == row.pk:
        return answering[1]
    return AnswerForm(auto_id=answer_id(row.pk))


def _ask_form(actor: Actor, contribution: Contribution) -> AskForm | None:
    own = contribution.job.node.member.slug
    may = actor.has_role(Role.MAINTAINER) and own not in actor.members
    if not may or contribution.state != ContributionState.ADMITTED:
        return None
    return AskForm(voices=voices_of(actor), auto_id=ASK_ID)
