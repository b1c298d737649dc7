"""`/datasets/<slug>/facts/?version=2`: what do the bytes themselves say, and who looked?"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.datasets.models import DatasetVersion
from catalog.inspection.reading import facts_for
from catalog.members.actors import actor_of
from catalog.pages.datasets.fact_sheet import sheet_of
from catalog.pages.datasets.finding import visible_entry, visible_versions
from catalog.tiers import RULES, Metadata, Tier


@require_safe
def show_facts(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the facts of the newest version, or of the one that is asked for; unknown numbers are a 404.

    Private data have no facts here, so the page is missing even for their owner.
    """
    actor = actor_of(request.user)
    versions = visible_versions(actor, visible_entry(actor, slug))
    version = _chosen(versions, request.GET.get("version"))
    if RULES[Tier(version.tier)].metadata is Metadata.SEALED:
        raise Http404
    context = {
        "dataset": version.dataset,
        "version": version,
        "versions": versions,
        "sheet": sheet_of(version, facts_for(version, actor)),
    }
    response = render(request, "pages/datasets/facts_page.html", context)
    patch_vary_headers(response, ["Cookie"])
    return response


def _chosen(versions: list[DatasetVersion], asked: str | None) -> DatasetVersion:
    if not asked:
        return versions[0]
    found = next((version for version in versions if str(version.number) == asked), None)
    if found is None:
        raise Http404
    return found
