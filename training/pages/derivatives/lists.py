"""`/derivatives/` and the parts of other pages that list models made from a base, or by a member."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Member
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint
from training.derivatives.models import Derivative, DerivativeQuerySet
from training.derivatives.registering import members_that_register
from training.retention.wishes import may_set_retention

PAGE: Final = 30
MOST: Final = 10  # on another page


@require_safe
def browse_derivatives(request: HttpRequest) -> HttpResponse:
    """List the models that the reader may know of, newest first."""
    actor = actor_of(request.user)
    page = Paginator(_known(actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_register": bool(members_that_register(actor))}
    return render(request, "training/derivatives/browse.html", context)


@require_safe
def show_of_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the fragment of the member's page: its models, and to its maintainers what is kept of updates."""
    actor = actor_of(request.user)
    member = get_object_or_404(Member, slug=slug)
    found = list(_known(actor).filter(member=member)[: MOST + 1])
    context = {
        "member": member,
        "derivatives": found[:MOST],
        "has_more": len(found) > MOST,
        "may_register": slug in members_that_register(actor),
        "may_set_retention": may_set_retention(actor, member),
    }
    return render(request, "training/derivatives/of_member.html", context)


def of_base(base: Checkpoint, actor: Actor) -> dict[str, Any]:
    """Return what the part of a base's page needs: ``derivatives`` and ``may_register``; one query."""
    return {
        "derivatives": list(_known(actor).filter(base=base)[:MOST]),
        "may_register": bool(members_that_register(actor)),
    }


def _known(actor: Actor) -> DerivativeQuerySet:
    return Derivative.objects.visible_to(actor).select_related("member", "base__family")
