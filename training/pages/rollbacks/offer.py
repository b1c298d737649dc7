"""Taking a contribution out, as the pages of contributions and of withdrawn datasets offer it."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from catalog.datasets.models import Dataset
from provenance.actors import Actor
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.families.models import ModelFamily
from training.rollbacks.chain import chain_of, digests_in
from training.rollbacks.models import Rollback
from training.rollbacks.proposing import may_propose
from training.rollbacks.states import RollbackState

_SPENT = (RollbackState.REFUSED, RollbackState.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done about a merged contribution: ``url`` leads to proposing, where the reader may.

    ``rollback`` is the one that names it and was not refused, open or done.
    """

    url: str
    rollback: Rollback | None


def offer_for(actor: Actor, contribution: Contribution) -> Offer | None:
    """Return what the contribution's page offers; None for what was never merged."""
    if contribution.state != ContributionState.MERGED:
        return None
    named = contribution.rollbacks.exclude(state__in=_SPENT).select_related("family", "head")
    rollback = named.order_by("-created_at").first()
    may = rollback is None and may_propose(actor, [contribution])
    return Offer(proposal_url([contribution]) if may else "", rollback)


def offers_for_dataset(actor: Actor, dataset: Dataset) -> list[tuple[ModelFamily, str]]:
    """Return each family whose newest base holds what was trained on the dataset, and where to propose it."""
    rows = Contribution.objects.filter(job__inputs__version__dataset=dataset, state=ContributionState.MERGED)
    merged: dict[ModelFamily, list[Contribution]] = defaultdict(list)
    for each in rows.distinct().select_related("round__family__head", "job__node__member").order_by("digest"):
        merged[each.round.family].append(each)
    offers = []
    for family, contributions in merged.items():
        held = digests_in(chain_of(family.head)) if family.head else frozenset()
        inside = [each for each in contributions if each.digest in held]
        if inside and may_propose(actor, inside):
            offers.append((family, proposal_url(inside)))
    return offers


def proposal_url(contributions: list[Contribution]) -> str:
    """Return the address of the form that proposes to take these out."""
    asked = urlencode([("contribution", each.digest) for each in contributions])
    return f"{reverse('propose-rollback')}?{asked}"
