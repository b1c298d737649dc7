"""A base as linked data: its origin (PROV-O) and its training data (aligned with MLDCAT-AP 3.1.0)."""

from typing import Any, Final

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from catalog.datasets.models import DatasetVersion
from catalog.interchange.addresses import absolute, version_address
from catalog.interchange.context import load_context
from catalog.interchange.dataset_document import member_address
from catalog.interchange.views import jsonld_response
from catalog.members.actors import actor_of
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rounds.models import Round

_SHA256: Final = {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"}


@require_safe
def checkpoint_jsonld(request: HttpRequest, digest: str) -> JsonResponse:
    """`/checkpoints/<digest>.jsonld`."""
    checkpoint = Checkpoint.objects.select_related("family", "parent").filter(digest=digest).first()
    if checkpoint is None:
        raise Http404
    return jsonld_response(checkpoint_document(checkpoint, actor_of(request.user)))


def checkpoint_document(checkpoint: Checkpoint, actor: Actor) -> dict[str, Any]:
    """Describe a base for ``actor``: its recipe, parent, contributions, their datasets and evaluations.

    ``trainedOn`` names what went in since the parent; the parent's own document tells of the time before, and
    a teacher's of what it was taught.
    """
    digests = checkpoint.recipe.get("contributions", [])
    contributions = Contribution.objects.filter(digest__in=digests).select_related("job__node__member")
    parent = [absolute(checkpoint.parent.get_absolute_url())] if checkpoint.parent else []
    merged = [_contribution_node(contribution) for contribution in contributions.order_by("digest")]
    return {
        "@context": [load_context("catalog-1"), load_context("checkpoint-1")],
        "@id": absolute(checkpoint.get_absolute_url()),
        "@type": ["it6:MachineLearningModel", "prov:Entity"],
        "identifier": checkpoint.digest,
        "title": {"en": str(checkpoint)},
        "description": {
            "en": f"Shared base {checkpoint.number} of the model family {checkpoint.family.name}"
        },
        "family": checkpoint.family.slug,
        "version": str(checkpoint.number),
        "created": checkpoint.created_at.isoformat(),
        "wasDerivedFrom": [*parent, *merged, *_teachers(digests)],
        "trainedOn": [_version_node(version) for version in _trained_on(digests, actor)],
        "evaluation": _evaluations(checkpoint, actor),
        "recipe": checkpoint.recipe,
        "hasFile": _weights_node(checkpoint),
    }


def _trained_on(digests: list[str], actor: Actor) -> list[DatasetVersion]:
    """Return the dataset versions that the contributions used and ``actor`` may discover (INV-6)."""
    visible = DatasetVersion.objects.visible_to(actor).filter(uses__job__contribution__digest__in=digests)
    return list(visible.select_related("dataset").order_by("digest").distinct())


def _teachers(digests: list[str]) -> list[str]:
    """Return the addresses of the bases that the contributions were distilled from."""
    rounds = Round.objects.filter(jobs__contribution__digest__in=digests, plan__teacher__gt="")
    taught = Checkpoint.objects.filter(digest__in=set(rounds.values_list("plan__teacher", flat=True)))
    return [absolute(teacher.get_absolute_url()) for teacher in taught]


def _weights_node(checkpoint: Checkpoint) -> dict[str, Any]:
    address = absolute(f"/api/v1/checkpoints/{checkpoint.digest}/weights")
    return {
        "@id": address,
        "@type": ["it6:File", "dcat:Resource"],
        "identifier": checkpoint.weights_sha256,
        "url": address,
        "format": {"@type": "skos:Concept", "prefLabel": {"en": "safetensors"}},
        "title": {"en": "model.safetensors"},
        "byteSize": str(checkpoint.weights_bytes),
        "checksum": {
            "@type": "spdx:Checksum",
            "algorithm": _SHA256,
            "checksumValue": checkpoint.weights_sha256,
        },
    }


def _version_node(version: DatasetVersion) -> dict[str, Any]:
    return {
        "@id": version_address(version),
        "@type": ["dcat:Dataset", "prov:Entity"],
        "title": version.record["title"],
        "description": version.record["summary"],
        "digest": version.digest,
        "tier": version.tier,
    }


def _contribution_node(contribution: Contribution) -> dict[str, Any]:
    return {
        "@id": absolute(contribution.get_absolute_url()),
        "@type": "prov:Entity",
        "digest": contribution.digest,
        "wasAttributedTo": member_address(contribution.job.node.member),
    }


def _evaluations(checkpoint: Checkpoint, actor: Actor) -> list[dict[str, Any]]:
    """Bits per byte by language, on the held-out parts of versions that ``actor`` may discover."""
    visible = DatasetVersion.objects.visible_to(actor)
    rows = checkpoint.evaluations.filter(version__in=visible).select_related("version__dataset")
    return [
        {
            "@type": "tapestry:Evaluation",
            "tag": row.language,
            "bitsPerByte": row.bits_per_byte,
            "byteSize": str(row.bytes),
            "evaluatedOn": version_address(row.version),
        }
        for row in rows
    ]
