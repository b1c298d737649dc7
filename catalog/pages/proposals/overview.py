"""`/proposals/<id>/`: where does it stand, what is missing, and who may do what next?"""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.datasets.naming import titles_of as sealed_titles
from catalog.inspection.progress import progress_of
from catalog.interchange.disclosure import is_withheld, readable_proposal
from catalog.lifecycle.change_notes import check_change_note
from catalog.members.models import Member, Role
from catalog.pages.proposals.finding import may_edit, proposal_for
from catalog.pages.proposals.forms.base import part_of
from catalog.pages.proposals.forms.decisions import WORDS_OF_REASON, ReviewForm
from catalog.pages.proposals.judging import difference_from_last, readiness_of
from catalog.pages.proposals.steps import address_of_step, step_of, tasks_of
from catalog.pages.records import rows_of
from catalog.pages.stories import tell
from catalog.proposals.checks import check_draft, tier_of
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from catalog.proposals.services import what_is_missing
from catalog.proposals.states import EDITABLE, TRANSITIONS, UNDER_REVIEW
from catalog.review.models import Review
from catalog.review.tally import voices_on
from catalog.tiers import RULES, Tier
from provenance.actors import Actor
from provenance.events.reading import EventFilter, recent

MOST_EVENTS: Final = 40
MOST_FILES_SHOWN: Final = 20


@login_required
@require_safe
def show_proposal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show one proposal to whoever may know of it."""
    actor, proposal = proposal_for(request, key)
    return render(request, "pages/proposals/overview.html", overview_of(actor, proposal))


def overview_of(actor: Actor, proposal: Proposal, review: ReviewForm | None = None) -> dict[str, Any]:
    """Return what the overview shows; ``review`` is a review form that was refused."""
    withheld = is_withheld(actor, proposal)
    judged = not withheld and proposal.state in (*EDITABLE, *UNDER_REVIEW)
    findings = [*check_draft(proposal, actor=actor), *check_change_note(proposal)] if judged else []
    missing = what_is_missing(proposal, actor=actor)
    tier = tier_of(proposal.record)
    edits = may_edit(actor, proposal)
    files = [] if withheld else proposal.files
    events = recent(actor.audiences, EventFilter(subject=f"proposal:{proposal.pk}"))
    return {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "tier": tier,
        "rules": RULES[tier] if tier else None,
        "missing": missing,
        # The first sentence stands on top while reviewers decide.
        "next": missing[1:] if proposal.state in UNDER_REVIEW else missing,
        "blockers": located(proposal, findings, Level.BLOCKER),
        "advice": located(proposal, findings, Level.ADVICE),
        "withheld": withheld,
        "rows": [row for row in rows_of(readable_proposal(actor, proposal)) if row.lines],
        "files": files[:MOST_FILES_SHOWN],
        "files_more": max(0, len(files) - MOST_FILES_SHOWN),
        "progress": progress_of(files),
        "tasks": tasks_of(proposal, findings) if edits else [],
        "edits": edits,
        "withdraws": may_withdraw(actor, proposal),
        "reviews": _reviews(proposal),
        "events": tell(events[:MOST_EVENTS], reader=actor),
        "ready": None if withheld else readiness_of(proposal),
        "difference": None if withheld else difference_from_last(proposal, actor),
        **_review_panel(actor, proposal, review),
    }


def titles_of(proposal: Proposal) -> dict[str, str]:
    """Return the title per language, or what a draft without one is called."""
    return titles_in(proposal.record, slug=proposal.slug)


def titles_in(record: Mapping[str, Any], *, slug: str) -> dict[str, str]:
    """Return the title per language; a draft may hold anything there, then it is untitled."""
    texts = {str(tag): str(text) for tag, text in part_of(record, "title").items()}
    if not texts and tier_of(record) is Tier.PRIVATE:
        return sealed_titles({}, slug=slug)
    return texts or {get_language() or "en": _("Untitled draft")}


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


def voices_of(actor: Actor, proposal: Proposal) -> list[Member]:
    """Return the members for which the actor may still speak on this revision."""
    said = voices_on(proposal)
    if proposal.member.slug in actor.members or said.filter(reviewer=actor.key).exists():
        return []
    own = Member.objects.filter(slug__in=sorted(actor.members_with(Role.MAINTAINER)))
    return list(own.exclude(pk__in=said.values("member")).order_by("name"))


def _reviews(proposal: Proposal) -> list[tuple[Review, list[str]]]:
    """Return what reviewers said, newest first, each with its reasons in words."""
    said = proposal.reviews.select_related("member", "reviewer").order_by("-id")
    return [
        (review, [str(WORDS_OF_REASON.get(code, code)) for code in review.reason_codes]) for review in said
    ]


def _review_panel(actor: Actor, proposal: Proposal, review: ReviewForm | None) -> dict[str, Any]:
    if proposal.state not in UNDER_REVIEW or not actor.has_role(Role.MAINTAINER):
        return {"review": None, "silence": ""}
    if proposal.member.slug in actor.members:
        return {"review": None, "silence": "recused"}
    voices = voices_of(actor, proposal)
    if not voices:
        return {"review": None, "silence": "spoken"}
    return {
        "review": review or ReviewForm(voices=voices, initial={"revision": proposal.revision}),
        "silence": "",
    }
