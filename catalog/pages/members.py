"""`/members/`: who weaves here, and what do they bring?"""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.members.models import Member, Membership, Role
from catalog.pages.datasets.cards import cards_of
from provenance.actors import Actor

MOST_DATASETS = 50


@require_safe
def browse_members(request: HttpRequest) -> HttpResponse:
    """List all members with the number of their entries that the reader may discover; two queries."""
    actor = actor_of(request.user)
    visible = Q(datasets__audience__in=sorted(actor.audiences), datasets__state=Dataset.State.PUBLISHED)
    members = Member.objects.annotate(entries=Count("datasets", filter=visible)).order_by("name")
    return render(request, "pages/members/browse.html", {"members": members})


@require_safe
def show_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one member: what it is, its entries, and to the consortium its people by role."""
    actor = actor_of(request.user)
    member = get_object_or_404(Member, slug=slug)
    visible = Dataset.objects.visible_to(actor).filter(member=member, state=Dataset.State.PUBLISHED)
    entries = list(visible.select_related("member")[: MOST_DATASETS + 1])
    context = {
        "member": member,
        "cards": cards_of(actor, entries[:MOST_DATASETS]),
        "has_more": len(entries) > MOST_DATASETS,
        "people": _people(member, actor),
        "is_colleague": slug in actor.members,
    }
    return render(request, "pages/members/member.html", context)


def _people(member: Member, actor: Actor) -> list[tuple[str, list[str]]]:
    """Names per role, for the consortium alone."""
    if not actor.members:
        return []
    held: dict[str, list[str]] = {}
    rows = Membership.objects.filter(member=member, user__is_active=True).order_by("user__name")
    for role, name in rows.values_list("role", "user__name"):
        held.setdefault(role, []).append(name)
    return [(_called(role, len(held[role])), held[role]) for role in Role if role in held]


def _called(role: Role, count: int) -> str:
    return {
        Role.STEWARD: ngettext("Data steward", "Data stewards", count),
        Role.MAINTAINER: ngettext("Maintainer", "Maintainers", count),
        Role.RESEARCHER: ngettext("Researcher", "Researchers", count),
        Role.COMMUNITY: ngettext("Community reviewer", "Community reviewers", count),
    }[role]
