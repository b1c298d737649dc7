from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from provenance.identity.services import did_document


@require_safe
@cache_control(public=True, max_age=300)
def show_did_document(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same for everybody
    """Answer where did:web looks for the coordinator's keys."""
    return JsonResponse(did_document(), content_type="application/did+json")
