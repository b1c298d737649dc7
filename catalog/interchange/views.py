from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from catalog.datasets.models import Dataset
from catalog.interchange.catalog_document import catalog_document, current_versions
from catalog.interchange.context import MEDIA_TYPE
from catalog.interchange.dataset_document import dataset_document
from catalog.members.actors import actor_of


@require_safe
def dataset_jsonld(request: HttpRequest, slug: str) -> JsonResponse:
    """`/datasets/<slug>.jsonld`: one entry; 404 alike for what is missing and what is hidden."""
    actor = actor_of(request.user)
    dataset = Dataset.objects.visible_to(actor).filter(slug=slug).first()
    if dataset is None:
        raise Http404
    return jsonld_response(dataset_document(current_versions([dataset.pk])[0], actor))


@require_safe
def catalog_jsonld(request: HttpRequest) -> JsonResponse:
    """`/catalog.jsonld?cursor=`: all entries, a hundred a page."""
    actor = actor_of(request.user)
    return jsonld_response(catalog_document(actor=actor, cursor=request.GET.get("cursor", "")))


def jsonld_response(document: dict[str, Any]) -> JsonResponse:
    """Send a document. What it holds depends on who asks and, where a page is negotiated, on ``Accept``."""
    response = JsonResponse(document, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Vary"] = "Accept, Cookie"
    return response
