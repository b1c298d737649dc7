"""`/datasets/<slug>/`: what is it, may I use it, who used it, can I trust it?"""

from typing import Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.cards.citation_formats import FORMATS
from catalog.cards.completeness import completeness_for
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.inspection.reading import facts_for
from catalog.interchange.dataset_document import dataset_document
from catalog.interchange.negotiation import wants_jsonld
from catalog.interchange.views import jsonld_response
from catalog.lifecycle.tombstones import tombstone_for
from catalog.members.actors import actor_of
from catalog.pages.datasets.fact_sheet import sheet_of
from catalog.pages.datasets.finding import visible_entry, visible_versions
from catalog.pages.datasets.reading import reading_of, show_tombstone
from catalog.pages.datasets.ready import ready_for
from catalog.pages.stories import Beat, tell
from provenance.actors import Actor
from provenance.events.reading import recent

MOST_EVENTS: Final = 20


@require_safe
def show_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an entry as it stands now; invisible looks exactly like missing (INV-6)."""
    actor = actor_of(request.user)
    dataset = visible_entry(actor, slug)
    versions = visible_versions(actor, dataset)
    if wants_jsonld(request):
        return jsonld_response(dataset_document(versions[0], actor))
    response = _page(request, actor, dataset, versions)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


def _page(
    request: HttpRequest, actor: Actor, dataset: Dataset, versions: list[DatasetVersion]
) -> HttpResponse:
    if tombstone := tombstone_for(actor, versions):
        return show_tombstone(request, tombstone)
    context = reading_of(versions[0], actor, request.GET.get("depth"))
    context |= {
        "versions": versions,
        "events": _events_of(actor, dataset, versions),
        "sheet": sheet_of(versions[0], facts_for(versions[0], actor, brief=True)),
        "ready": ready_for(completeness_for(actor, versions[0])),
        "formats": FORMATS,
    }
    return render(request, "pages/datasets/entry.html", context)


def _events_of(actor: Actor, dataset: Dataset, versions: list[DatasetVersion]) -> list[Beat]:
    about = Q(subject=f"dataset:{dataset.slug}") | Q(artifact__in=[version.digest for version in versions])
    return tell(recent(actor.audiences).filter(about)[:MOST_EVENTS], reader=actor)
