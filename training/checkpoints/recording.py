"""How a base enters the catalog: row, artifact, and the coordinator's signed word on how it was made."""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.lineage.models import Artifact, ArtifactKind, Relation, Statement
from provenance.lineage.services import connect, register_artifact
from provenance.signing.statements import PREDICATE_MERGE, Subject
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.merge import checkpoint_digest, checkpoint_document
from training.statements import attest


def record_checkpoint(
    family: ModelFamily,
    *,
    parent: Checkpoint | None,
    recipe: Mapping[str, Any],
    weights_sha256: str,
    weights_bytes: int,
    made_from: Sequence[Artifact] = (),
    report: Mapping[str, Any] | None = None,
) -> Checkpoint:
    """Record the next base of a family. Its digest is that of the document on how to compute it.

    Edges lead to the parent and to what it was ``made_from``; ``report`` is kept in the signed statement.
    Must run inside a transaction.
    """
    checkpoint = Checkpoint.objects.create(
        digest=checkpoint_digest(recipe, weights_sha256),
        family=family,
        parent=parent,
        number=parent.number + 1 if parent else 0,
        weights_sha256=weights_sha256,
        weights_bytes=weights_bytes,
        recipe=dict(recipe),
    )
    artifact = register_artifact(
        digest=checkpoint.digest,
        kind=ArtifactKind.CHECKPOINT,
        name=str(checkpoint),
        snapshot={
            "family": family.slug,
            "number": checkpoint.number,
            "weights": weights_sha256,
            "bytes": weights_bytes,
            "recipe": dict(recipe),
        },
    )
    statement = _attest(checkpoint, report or {})
    targets = [*Artifact.objects.filter(digest__in=[parent.digest] if parent else []), *made_from]
    connect(source=artifact, targets=targets, relation=Relation.DERIVED_FROM, statement=statement)
    return checkpoint


def _attest(checkpoint: Checkpoint, report: Mapping[str, Any]) -> Statement:
    return attest(
        subjects=[Subject("model.safetensors", checkpoint.weights_sha256)],
        predicate_type=PREDICATE_MERGE,
        predicate={
            "checkpoint": checkpoint.digest,
            "document": checkpoint_document(checkpoint.recipe, checkpoint.weights_sha256),
            "report": dict(report),
        },
    )
