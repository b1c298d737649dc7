"""`/datasets/<slug>/versions/<version>/`: what did this version hold, and how does it differ?"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.lifecycle.comparison import compare_versions
from catalog.lifecycle.tombstones import tombstone_for
from catalog.members.actors import actor_of
from catalog.pages.datasets.difference import difference_of
from catalog.pages.datasets.finding import visible_entry, visible_versions
from catalog.pages.datasets.reading import reading_of, show_tombstone
from catalog.proposals.states import AcceptedFor


@require_safe
def show_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version for ever as it was published, and how it differs from the one before."""
    actor = actor_of(request.user)
    versions = visible_versions(actor, visible_entry(actor, slug))
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise Http404
    if tombstone := tombstone_for(actor, versions):
        return show_tombstone(request, tombstone)
    before = next((each for each in versions if each.number < number), None)
    context = reading_of(version, actor, request.GET.get("depth"))
    context |= {
        "newest": versions[0],
        "before": before,
        "accepted_for": AcceptedFor(version.accepted_for).label if version.accepted_for else "",
        "difference": difference_of(compare_versions(actor, before, version)) if before else None,
    }
    return render(request, "pages/datasets/version.html", context)
