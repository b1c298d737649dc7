"""`/proposals/`: what is on its way into the catalog, and what waits for me?"""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.proposals.overview import titles_in
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal, ProposalQuerySet
from catalog.proposals.states import DECIDED, UNDER_REVIEW
from catalog.review.models import Review, Verdict
from catalog.review.tally import QUORUM
from catalog.tiers import Tier
from provenance.actors import Actor

MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal in a list: its title per language and its tier, as far as the draft has them.

    ``approvals`` counts the members that approved its revision; None when nobody is asked.
    """

    proposal: Proposal
    titles: dict[str, str]
    tier: Tier | None
    approvals: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals under one heading; ``more`` when the list is cut, ``own`` of one's only member."""

    heading: str | Promise
    listed: list[Listed]
    more: bool
    own: bool = False
    folded: bool = False


@login_required
@require_safe
def browse_proposals(request: HttpRequest) -> HttpResponse:
    """List what waits for the reader's word, what is on its way of own and other members, what is decided."""
    actor = actor_of(request.user)
    all_of_them = _listed_of(actor)
    open_still = all_of_them.exclude(state__in=DECIDED)
    own = open_still.filter(member__slug__in=sorted(actor.members))
    others = open_still.exclude(member__slug__in=sorted(actor.members))
    waiting = _waiting(actor, others) if actor.has_role(Role.MAINTAINER) else others.none()
    decided = _group(_("Decided"), all_of_them.filter(state__in=DECIDED), folded=True)
    context: dict[str, Any] = {
        "groups": [
            *([_group(_("Waiting for your review"), waiting)] if actor.has_role(Role.MAINTAINER) else []),
            _group(_("Your member’s, in progress"), own, own=len(actor.members) == 1),
            _group(_("Other members’, in progress"), _besides(others, waiting)),
            *([decided] if decided.listed else []),
        ],
        "quorum": QUORUM,
        "is_member": bool(actor.members),
        "is_steward": actor.has_role(Role.STEWARD),
    }
    return render(request, "pages/proposals/browse.html", context)


def _listed_of(actor: Actor) -> ProposalQuerySet:
    # The record may be large and a list needs one text of it.
    light = Proposal.objects.visible_to(actor).annotate(
        titles=F("record__title"), chosen_tier=F("record__tier"), approvals=_approvals()
    )
    return light.defer("record", "files").select_related("member")


def _approvals() -> Combinable:
    said = Review.objects.filter(
        proposal=OuterRef("pk"), revision=OuterRef("revision"), verdict=Verdict.APPROVE
    )
    counted = said.order_by().values("proposal").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _waiting(actor: Actor, others: ProposalQuerySet) -> ProposalQuerySet:
    """Keep what is under review and what neither the reader nor all of their members have spoken on."""
    spoken = Review.objects.filter(proposal=OuterRef("pk"), revision=OuterRef("revision"), reviewer=actor.key)
    heard = Review.objects.filter(
        proposal=OuterRef("pk"),
        revision=OuterRef("revision"),
        member__slug__in=sorted(actor.members_with(Role.MAINTAINER)),
    )
    return others.filter(~Exists(spoken), ~Exists(heard), state__in=UNDER_REVIEW)


def _besides(others: ProposalQuerySet, waiting: ProposalQuerySet) -> ProposalQuerySet:
    """Keep what the first list does not show already."""
    return others.exclude(pk__in=waiting.order_by().values("pk"))


def _group(
    heading: str | Promise, proposals: ProposalQuerySet, *, own: bool = False, folded: bool = False
) -> Group:
    found = [_listed(proposal) for proposal in proposals[: MOST_SHOWN + 1]]
    return Group(heading, found[:MOST_SHOWN], len(found) > MOST_SHOWN, own, folded)


def _listed(proposal: Proposal) -> Listed:
    few = {"title": getattr(proposal, "titles", None), "tier": getattr(proposal, "chosen_tier", None)}
    approvals = getattr(proposal, "approvals", 0) if proposal.state in UNDER_REVIEW else None
    return Listed(proposal, titles_in(few, slug=proposal.slug), tier_of(few), approvals)
