"""`/proposals/<id>/`: where does it stand, what is missing, and who may do what next?"""

import uuid
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.inspection.progress import progress_of
from catalog.interchange.disclosure import is_withheld, readable_proposal
from catalog.lifecycle.change_notes import check_change_note
from catalog.members.models import Role
from catalog.pages.proposals.finding import may_edit, proposal_for
from catalog.pages.proposals.judging import difference_from_last, readiness_of
from catalog.pages.proposals.reading_notes import notes_of
from catalog.pages.proposals.steps import address_of_step, step_of, tasks_of
from catalog.pages.proposals.titles import titles_of
from catalog.pages.records import rows_of
from catalog.pages.review.appeal import may_appeal, voices_for
from catalog.pages.review.asking import asked_of
from catalog.pages.review.changes import changes_in
from catalog.pages.review.panel import AnyReviewForm, panel_of
from catalog.pages.review.spoken import spoken_on
from catalog.pages.review.talk import talks_of
from catalog.pages.stories import tell
from catalog.proposals.checks import check_draft, tier_of
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from catalog.proposals.services import what_is_missing
from catalog.proposals.states import EDITABLE, TRANSITIONS, UNDER_REVIEW
from catalog.review.reading import assignments_of, open_appeal_of
from catalog.review.tally import quorum
from catalog.review.voices import is_recused
from catalog.tiers import RULES
from provenance.actors import Actor
from provenance.events.models import EventQuerySet
from provenance.events.reading import EventFilter, recent

MOST_EVENTS: Final = 12
MOST_FILES_SHOWN: Final = 20


@login_required
@require_safe
def show_proposal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show one proposal to whoever may know of it; ``?since=`` chooses the hand-in to compare it with."""
    actor, proposal = proposal_for(request, key)
    context = overview_of(actor, proposal, since=request.GET.get("since", ""))
    return render(request, "pages/proposals/overview.html", context)


def overview_of(
    actor: Actor, proposal: Proposal, refused: AnyReviewForm | None = None, *, since: str = ""
) -> dict[str, Any]:
    """Return what the overview shows; ``refused`` is a review form that was not taken."""
    return {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "withheld": is_withheld(actor, proposal),
        "withdraws": may_withdraw(actor, proposal),
        **_described(actor, proposal),
        **_judged(actor, proposal),
        **_discussed(actor, proposal, since),
        **_decided(actor, proposal, refused),
    }


def may_withdraw(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the actor may take the proposal back now."""
    open_still = "withdrawn" in TRANSITIONS.get(proposal.state, ())
    return open_still and actor.has_role(Role.STEWARD, member=proposal.member.slug)


def located(proposal: Proposal, findings: list[Finding], level: Level) -> list[tuple[Finding, str]]:
    """Pair each finding of a level with the step that mends it."""
    return [
        (each, address_of_step(proposal, step_of(proposal, each.field)))
        for each in findings
        if each.level is level
    ]


def _described(actor: Actor, proposal: Proposal) -> dict[str, Any]:
    """Return what the proposal says, as far as the reader may read it."""
    tier = tier_of(proposal.record)
    files = [] if is_withheld(actor, proposal) else proposal.files
    return {
        "tier": tier,
        "rules": RULES[tier] if tier else None,
        "files": files[:MOST_FILES_SHOWN],
        "files_more": max(0, len(files) - MOST_FILES_SHOWN),
        "progress": progress_of(files),
        "ready": None if is_withheld(actor, proposal) else readiness_of(proposal),
    }


def _judged(actor: Actor, proposal: Proposal) -> dict[str, Any]:
    """Return what is missing, for whom it is to mend, and what happens next."""
    judged = not is_withheld(actor, proposal) and proposal.state in (*EDITABLE, *UNDER_REVIEW)
    findings = [*check_draft(proposal, actor=actor), *check_change_note(proposal)] if judged else []
    missing = what_is_missing(proposal, actor=actor)
    edits = may_edit(actor, proposal)
    return {
        "missing": missing,
        # The first sentence stands on top while reviewers decide.
        "next": missing[1:] if proposal.state in UNDER_REVIEW else missing,
        "blockers": located(proposal, findings, Level.BLOCKER),
        "advice": located(proposal, findings, Level.ADVICE),
        "tasks": tasks_of(proposal, findings) if edits else [],
        "edits": edits,
        "read_from": notes_of(proposal.intake, proposal) if edits else None,
    }


def _discussed(actor: Actor, proposal: Proposal, since: str) -> dict[str, Any]:
    """Return the record with the talk about it, and what changed."""
    talks = talks_of(actor, proposal)
    record = talks.beside(rows_of(readable_proposal(actor, proposal)))
    withheld = is_withheld(actor, proposal)
    return {
        "record": record,
        "talks": talks,
        "apart": talks.apart(record),
        "asked": asked_of(actor, proposal, talks),
        "changes": changes_in(actor, proposal, since),
        "difference": None if withheld else difference_from_last(proposal, actor),
    }


def _decided(actor: Actor, proposal: Proposal, refused: AnyReviewForm | None) -> dict[str, Any]:
    """Return who is asked, who said what, and what the reader may say."""
    reviewed = proposal.state in UNDER_REVIEW
    appeal = open_appeal_of(proposal)
    maintains = actor.has_role(Role.MAINTAINER)
    return {
        "panel": panel_of(actor, proposal, refused),
        "quorum": quorum(),
        "assignments": assignments_of(proposal) if reviewed else (),
        "may_assign": reviewed and maintains and not is_recused(actor, proposal),
        "now": timezone.now(),
        "words": spoken_on(actor, proposal),
        "appeal": appeal,
        "judges": appeal is not None and bool(voices_for(actor, appeal)),
        "appeals": may_appeal(actor, proposal),
        "events": tell(_events(actor, proposal), reader=actor),
    }


def _events(actor: Actor, proposal: Proposal) -> EventQuerySet:
    return recent(actor.audiences, EventFilter(subject=f"proposal:{proposal.pk}"))[:MOST_EVENTS]
