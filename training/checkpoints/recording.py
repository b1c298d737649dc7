"""How a base enters the catalog: row, artifact, and the coordinator's signed word on how it was made.

A candidate enters the same way, before anybody decided on it; where all is accepted, it is the base.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.errors import Conflict
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
    standing: Checkpoint.Standing = Checkpoint.Standing.BASE,
    name: str = "",
) -> Checkpoint:
    """Record the next base of a family, or a candidate. Its digest is that of how to compute it.

    Edges lead to the parent and to what it was ``made_from``; ``report`` is kept in the signed statement.
    ``name`` is what the lineage calls it for ever, whatever comes of a candidate. Must run inside a
    transaction.
    """
    checkpoint = Checkpoint.objects.create(
        digest=checkpoint_digest(recipe, weights_sha256),
        family=family,
        parent=parent,
        number=parent.number + 1 if parent else 0,
        standing=standing,
        weights_sha256=weights_sha256,
        weights_bytes=weights_bytes,
        recipe=dict(recipe),
    )
    artifact = register_artifact(
        digest=checkpoint.digest,
        kind=ArtifactKind.CHECKPOINT,
        name=name or str(checkpoint),
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


def promote_candidate(candidate: Checkpoint) -> Checkpoint:
    """Make a candidate the base that it was measured as. The caller tells the log.

    Raises:
        Conflict: ``state-changed``, when it is a base already.
    """
    rows = Checkpoint.measured.filter(pk=candidate.pk, standing=Checkpoint.Standing.CANDIDATE)
    if not rows.update(standing=Checkpoint.Standing.BASE):
        raise Conflict(f"{candidate} is no candidate.", code="state-changed")
    return Checkpoint.measured.get(pk=candidate.pk)


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
