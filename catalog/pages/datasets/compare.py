"""`/datasets/<slug>/compare/?from=1&to=3`: what changed between any two versions?"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.datasets.models import DatasetVersion
from catalog.lifecycle.comparison import compare_versions
from catalog.members.actors import actor_of
from catalog.pages.datasets.difference import difference_of
from catalog.pages.datasets.finding import visible_entry, visible_versions


@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Compare two versions; without a choice the newest with the one before. Unknown numbers are a 404."""
    actor = actor_of(request.user)
    versions = visible_versions(actor, visible_entry(actor, slug))
    after = _chosen(versions, request.GET.get("to"), default=versions[0])
    earlier = next((each for each in versions if each.number < after.number), after)
    before = _chosen(versions, request.GET.get("from"), default=earlier)
    context = {
        "dataset": after.dataset,
        "versions": versions,
        "before": before,
        "after": after,
        "difference": difference_of(compare_versions(actor, before, after)),
    }
    return render(request, "pages/datasets/compare.html", context)


def _chosen(versions: list[DatasetVersion], asked: str | None, *, default: DatasetVersion) -> DatasetVersion:
    if not asked:
        return default
    found = next((version for version in versions if str(version.number) == asked), None)
    if found is None:
        raise Http404
    return found
