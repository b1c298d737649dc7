"""`/proposals/`: what waits for me, and what is on its way into the catalog?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.governance.reading import rule
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from catalog.pages.proposals.titles import titles_in
from catalog.pages.review.queues import Queue, sorted_for
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.states import UNDER_REVIEW, ProposalState
from catalog.tiers import Tier
from provenance.actors import Actor

LONGEST_QUERY: Final = 200  # characters
HEADINGS: Final[Mapping[Queue, str | Promise]] = {
    Queue.ASSIGNED: _("You are asked to review"),
    Queue.APPEALS: _("Appeals that wait for your voice"),
    Queue.WAITING: _("Waiting for your review"),
    Queue.BACK: _("Back with your member"),
    Queue.DRAFTS: _("Drafts of your member"),
    Queue.OWN: _("Your member’s, in review"),
    Queue.OTHERS: _("Other members’, in progress"),
    Queue.DECIDED: _("Decided"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal in a list: its title per language and its tier, as far as the draft has them.

    ``approvals`` counts the members that approved its revision; None when nobody is asked. ``open_threads``
    counts the talks that nobody settled, ``due_at`` says by when the reader is asked to speak.
    """

    proposal: Proposal
    titles: dict[str, str]
    tier: Tier | None
    approvals: int | None
    open_threads: int
    due_at: datetime | None

    @property
    def overdue(self) -> bool:
        """Whether the reader's time to speak has run out."""
        return self.due_at is not None and self.due_at < timezone.now()


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals under one heading; ``total`` may be more than are listed, ``own`` of one's only member."""

    name: Queue
    heading: str | Promise
    listed: list[Listed]
    total: int
    own: bool

    @property
    def more(self) -> bool:
        """Whether the list is cut."""
        return self.total > len(self.listed)


@login_required
@require_safe
def browse_proposals(request: HttpRequest) -> HttpResponse:
    """Sort everything that the reader may know of into queues, what waits for the reader first."""
    actor = actor_of(request.user)
    asked = _asked(request)
    groups = list(_groups(actor, asked))
    context: dict[str, Any] = {
        "groups": groups,
        "nothing_waits": not asked and not any(_waits(group) for group in groups),
        "asked": asked,
        "states": ProposalState.choices,
        "members": list(Member.objects.values_list("slug", "name")),
        "quorum": rule("review.quorum"),
        "is_member": bool(actor.members),
        "is_steward": actor.has_role(Role.STEWARD),
    }
    return render(request, "pages/proposals/browse.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return what the filters keep, those that were answered alone."""
    given = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "state", "member")}
    return {name: value[:LONGEST_QUERY] for name, value in given.items() if value}


def _groups(actor: Actor, asked: Mapping[str, str]) -> Iterator[Group]:
    """Yield the queues in their order, those that hold something."""
    rows = sorted_for(
        actor, state=asked.get("state", ""), member=asked.get("member", ""), words=asked.get("q", "")
    )
    by_queue: dict[str, list[Proposal]] = {}
    for row in rows if actor.members else ():
        by_queue.setdefault(getattr(row, "queue", ""), []).append(row)
    for queue, heading in HEADINGS.items():
        if found := by_queue.get(queue):
            own = len(actor.members) == 1 and queue in {Queue.BACK, Queue.DRAFTS, Queue.OWN}
            total = getattr(found[0], "total", len(found))
            yield Group(queue, heading, [_listed(each) for each in found], total, own)


def _waits(group: Group) -> bool:
    return group.name in {Queue.ASSIGNED, Queue.APPEALS, Queue.WAITING, Queue.BACK, Queue.DRAFTS}


def _listed(proposal: Proposal) -> Listed:
    few = {"title": getattr(proposal, "titles", None), "tier": getattr(proposal, "chosen_tier", None)}
    return Listed(
        proposal,
        titles_in(few, slug=proposal.slug),
        tier_of(few),
        getattr(proposal, "approvals", 0) if proposal.state in UNDER_REVIEW else None,
        getattr(proposal, "open_threads", 0),
        getattr(proposal, "due_at", None),
    )
