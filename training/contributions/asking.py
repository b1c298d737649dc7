"""Asking the contributing member before one decides, and its answer. A question is no verdict."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from provenance.actors import Actor
from provenance.errors import Conflict
from provenance.text import required_text
from training.contributions.access import lock_contribution, require_contributor
from training.contributions.models import Contribution
from training.contributions.review_models import ContributionRequest
from training.contributions.states import ContributionState
from training.contributions.trail import leave_trail
from training.voices import voice_of

LONGEST_TEXT: Final = 4000  # characters, as the columns hold them


@transaction.atomic
def ask_contributor(
    actor: Actor, contribution: Contribution, question: str, member: str | None = None
) -> ContributionRequest:
    """Ask the contributing member something, as a maintainer of another one; it waits for no answer.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`; ``question-missing``, ``text-malformed``.
        Conflict: ``contribution-not-open``: nothing is decided on it now.
    """
    found = lock_contribution(contribution)
    speaker = voice_of(actor, recused=found.job.node.member.slug, member=member)
    question = required_text(
        question,
        field="question",
        longest=LONGEST_TEXT,
        message="Say what you want to know.",
        code="question-missing",
    )
    if found.state != ContributionState.ADMITTED:
        raise Conflict(f"This contribution is {found.state}.", code="contribution-not-open")
    asked = ContributionRequest.objects.create(
        contribution=found, maintainer_id=actor.key, member=speaker, question=question
    )
    leave_trail(actor, found, "contribution.asked", request=str(asked.pk), member=speaker.slug)
    return asked


@transaction.atomic
def answer_request(actor: Actor, request: ContributionRequest, answer: str) -> ContributionRequest:
    """Answer a question for the contributing member, once; also after the decision, for who reads it later.

    Raises:
        NotPermitted: ``not-of-the-contributor``.
        Invalid: ``answer-missing``, ``text-malformed``.
        Conflict: ``already-answered``.
    """
    found = lock_contribution(request.contribution)
    require_contributor(actor, found)
    answer = required_text(
        answer, field="answer", longest=LONGEST_TEXT, message="Write an answer.", code="answer-missing"
    )
    standing = ContributionRequest.objects.filter(pk=request.pk, answered_at__isnull=True)
    if not standing.update(answer=answer, answered_by_id=actor.key, answered_at=timezone.now()):
        raise Conflict("Somebody of your member answered it before.", code="already-answered")
    leave_trail(actor, found, "contribution.answered", request=str(request.pk))
    request.refresh_from_db()
    return request
