"""The page of an update, put together: evidence to the left, the words of members to the right."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.datasets.models import DatasetVersion
from catalog.members.actors import actor_of
from catalog.pages.stories import tell
from provenance.actors import Actor
from provenance.events.reading import EventFilter, recent
from training.contributions.evidence.gathering import evidence_for
from training.contributions.models import Contribution, Decision
from training.contributions.opining import standing_opinions
from training.contributions.services import missing_decisions
from training.jobs.manifest_parts import output_of
from training.pages.contributions.again import again_for
from training.pages.contributions.appealing import may_appeal
from training.pages.contributions.figures import strip_of
from training.pages.contributions.forms import AnswerForm, AskForm, DecisionForm
from training.pages.contributions.panel import panel_for
from training.pages.contributions.report import admission_of, signed_words
from training.pages.contributions.sentences import where_it_stands
from training.pages.contributions.talk import talk_on
from training.pages.curves import NO_CURVE, curves_of
from training.pages.inputs import visible_inputs
from training.pages.rollbacks.offer import offer_for
from training.rounds.windows import are_bytes_readable

if TYPE_CHECKING:
    from django.forms import Form

    from training.contributions.review_models import ContributionAppeal, Opinion

MOST_EVENTS: Final = 12


def render_page(
    request: HttpRequest,
    contribution: Contribution,
    *,
    deciding: DecisionForm | None = None,
    asking: AskForm | None = None,
    answering: tuple[UUID, AnswerForm] | None = None,
) -> HttpResponse:
    """Answer with the page; a form that did not pass stands on it with what was entered."""
    actor = actor_of(request.user)
    refused: Form | None = deciding or asking or (answering[1] if answering else None)
    inputs = visible_inputs(contribution.job, actor)
    context = {
        "contribution": contribution,
        "job": contribution.job,
        "refused": refused,
        "rollback_offer": offer_for(actor, contribution),
        "talk": talk_on(actor, contribution, asking=asking, answering=answering),
        **_evidence(contribution, actor, inputs),
        **_words(contribution, actor, deciding),
    }
    status = HTTPStatus.OK if refused is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "training/contributions/contribution.html", context, status=status)


def _evidence(contribution: Contribution, actor: Actor, inputs: Sequence[DatasetVersion]) -> dict[str, Any]:
    evidence = evidence_for(contribution, actor)
    return {
        "inputs": inputs,
        "output": output_of(inputs) if inputs else None,
        "evidence": evidence,
        "strip": strip_of(evidence),
        "curve": curves_of([contribution.job]).get(contribution.job_id, NO_CURVE),
        "admission": admission_of(contribution),
        "readable": are_bytes_readable(contribution.round),
        "again": again_for(actor, contribution),
        "statement": signed_words(contribution, frozenset(version.digest for version in inputs)),
    }


def _words(contribution: Contribution, actor: Actor, deciding: DecisionForm | None) -> dict[str, Any]:
    decisions: list[Decision] = list(
        contribution.decisions.select_related("maintainer", "member").order_by("-id")
    )
    spoken = [each for each in decisions if each.turn == contribution.turn]
    events = recent(actor.audiences, EventFilter(subject=f"contribution:{contribution.digest}"))
    opinions: list[Opinion] = list(standing_opinions(contribution)) if actor.members else []
    appeals: list[ContributionAppeal] = list(contribution.appeals.order_by("-created_at"))
    return {
        "answer": where_it_stands(contribution, spoken),
        "missing": missing_decisions(contribution),
        "decisions": decisions,
        "panel": panel_for(actor, contribution, spoken, deciding),
        "opinions": opinions,
        "reads_opinions": bool(actor.members),
        "appeals": appeals,
        "may_appeal": may_appeal(actor, contribution, appeals),
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }
