"""`/proposals/`: what is on its way into the catalog, and what waits for me?"""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.proposals.overview import titles_in
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal, ProposalQuerySet, Review
from catalog.proposals.states import UNDER_REVIEW
from catalog.tiers import Tier
from provenance.actors import Actor

MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal in a list: its title per language and its tier, as far as the draft has them."""

    proposal: Proposal
    titles: dict[str, str]
    tier: Tier | None


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals under one heading; ``more`` when the list is cut."""

    heading: str | Promise
    listed: list[Listed]
    more: bool


@login_required
@require_safe
def browse_proposals(request: HttpRequest) -> HttpResponse:
    """List what waits for the reader's word, the own members' proposals, and the others'."""
    actor = actor_of(request.user)
    own, others = _own_and_others(actor)
    waiting = _waiting(actor, others) if actor.has_role(Role.MAINTAINER) else others.none()
    context: dict[str, Any] = {
        "groups": [
            *([_group(_("Waiting for your review"), waiting)] if actor.has_role(Role.MAINTAINER) else []),
            _group(_("Proposals of your member"), own),
            _group(_("Proposals of other members"), _besides(others, waiting)),
        ],
        "is_member": bool(actor.members),
        "is_steward": actor.has_role(Role.STEWARD),
    }
    return render(request, "pages/proposals/browse.html", context)


def _own_and_others(actor: Actor) -> tuple[ProposalQuerySet, ProposalQuerySet]:
    # The record may be large and a list needs one text of it.
    light = Proposal.objects.visible_to(actor).annotate(
        titles=F("record__title"), chosen_tier=F("record__tier")
    )
    light = light.defer("record", "files").select_related("member")
    members = sorted(actor.members)
    return light.filter(member__slug__in=members), light.exclude(member__slug__in=members)


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


def _group(heading: str | Promise, proposals: ProposalQuerySet) -> Group:
    shown = [_listed(proposal) for proposal in proposals[: MOST_SHOWN + 1]]
    return Group(heading, shown[:MOST_SHOWN], len(shown) > MOST_SHOWN)


def _listed(proposal: Proposal) -> Listed:
    few = {"title": getattr(proposal, "titles", None), "tier": getattr(proposal, "chosen_tier", None)}
    return Listed(proposal, titles_in(few, otherwise=proposal.slug), tier_of(few))
