"""A registered model as linked data (PROV-O, aligned with MLDCAT-AP 3.1.0), as far as its reader may know."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from catalog.interchange.addresses import absolute, version_address
from catalog.interchange.context import load_context
from catalog.interchange.dataset_document import member_address
from catalog.interchange.views import jsonld_response
from catalog.members.actors import actor_of
from provenance.actors import Actor
from training.derivatives.models import Derivative
from training.derivatives.readme import discoverable_versions
from training.derivatives.visibility import may_read_details, may_read_manifest


@require_safe
def derivative_jsonld(request: HttpRequest, slug: str) -> JsonResponse:
    """`/derivatives/<slug>.jsonld`."""
    actor = actor_of(request.user)
    known = Derivative.objects.visible_to(actor).select_related("member", "base__family")
    derivative = known.filter(slug=slug).first()
    if derivative is None:
        raise Http404
    return jsonld_response(derivative_document(derivative, actor))


def derivative_document(derivative: Derivative, actor: Actor) -> dict[str, Any]:
    """Describe a model for ``actor``; ``trainedOn`` names what went in since the base."""
    told = {"identifier": derivative.digest} if may_read_manifest(actor, derivative) else {}
    use = derivative.card.get("intended_use", "") if may_read_details(actor, derivative) else ""
    return {
        "@context": [load_context("catalog-1"), load_context("checkpoint-1")],
        "@id": absolute(derivative.get_absolute_url()),
        "@type": ["it6:MachineLearningModel", "prov:Entity"],
        **told,
        "title": {"en": derivative.name},
        "description": {"en": use or f"Made by {derivative.member.name} from {derivative.base}"},
        "created": derivative.registered_at.isoformat(),
        "tier": derivative.tier,
        "wasAttributedTo": member_address(derivative.member),
        "wasDerivedFrom": [absolute(derivative.base.get_absolute_url())],
        "trainedOn": [
            {
                "@id": version_address(version),
                "@type": ["dcat:Dataset", "prov:Entity"],
                "title": version.titles,
                "description": version.record.get("summary", {}),
                "digest": version.digest,
                "tier": version.tier,
            }
            for version in discoverable_versions(derivative, actor)
        ],
    }
