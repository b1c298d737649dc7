"""How a base enters the catalog: row, artifact, and the coordinator's signed word on how it was made.

A candidate or a replay enters the same way, before anybody decided on it; promoted, it is the base.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.errors import Conflict
from provenance.lineage.models import Artifact, ArtifactKind, Relation, Statement
from provenance.lineage.services import connect, register_artifact
from provenance.signing.statements import PREDICATE_MERGE, Subject
from training.checkpoints.models import Checkpoint
from training.families.head import next_number
from training.families.models import ModelFamily
from training.merge import checkpoint_digest, checkpoint_document
from training.statements import attest


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a checkpoint's bytes are: sha256 and size of the weights, sha256 of a server's state."""

    sha256: str
    bytes: int
    state_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a checkpoint enters. ``name`` is what the lineage calls it for ever, whatever comes of a candidate.

    Without a ``number`` it gets the family's next one; a candidate only carries the one that it would get.
    """

    standing: Checkpoint.Standing = Checkpoint.Standing.BASE
    name: str = ""
    number: int | None = None


def record_checkpoint(
    family: ModelFamily,
    *,
    parent: Checkpoint | None,
    recipe: Mapping[str, Any],
    stored: Stored,
    made_from: Sequence[Artifact] = (),
    report: Mapping[str, Any] | None = None,
    entry: Entry = Entry(),
) -> Checkpoint:
    """Record a checkpoint of a family. Its digest is that of how to compute it.

    Edges lead to the parent and to what it was ``made_from``; ``report`` is kept in the signed statement.
    Must run inside a transaction.
    """
    checkpoint = Checkpoint.objects.create(
        digest=checkpoint_digest(recipe, stored.sha256, stored.state_sha256),
        family=family,
        parent=parent,
        number=next_number(family) if entry.number is None else entry.number,
        standing=entry.standing,
        weights_sha256=stored.sha256,
        weights_bytes=stored.bytes,
        server_state_sha256=stored.state_sha256,
        recipe=dict(recipe),
    )
    artifact = register_artifact(
        digest=checkpoint.digest,
        kind=ArtifactKind.CHECKPOINT,
        name=entry.name or str(checkpoint),
        snapshot={
            "family": family.slug,
            "number": checkpoint.number,
            "weights": stored.sha256,
            "bytes": stored.bytes,
            "recipe": dict(recipe),
            **({"server_state": stored.state_sha256} if stored.state_sha256 else {}),
        },
    )
    statement = _attest(checkpoint, report or {})
    targets = [*Artifact.objects.filter(digest__in=[parent.digest] if parent else []), *made_from]
    connect(source=artifact, targets=targets, relation=Relation.DERIVED_FROM, statement=statement)
    return checkpoint


def promote(checkpoint: Checkpoint, number: int) -> Checkpoint:
    """Make a candidate, or a replayed one, base ``number`` of its family. The caller tells the log.

    Raises:
        Conflict: ``state-changed``, when it is a base already, or its bytes were dropped.
    """
    rows = Checkpoint.measured.filter(pk=checkpoint.pk, weights_dropped_at=None)
    if not rows.exclude(standing=Checkpoint.Standing.BASE).update(
        standing=Checkpoint.Standing.BASE, number=number
    ):
        raise Conflict(f"{checkpoint} is a base, or its bytes are gone.", code="state-changed")
    return Checkpoint.measured.get(pk=checkpoint.pk)


def document_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return the document that the checkpoint's digest is the digest of."""
    return checkpoint_document(checkpoint.recipe, checkpoint.weights_sha256, checkpoint.server_state_sha256)


def _attest(checkpoint: Checkpoint, report: Mapping[str, Any]) -> Statement:
    return attest(
        subjects=[Subject("model.safetensors", checkpoint.weights_sha256)],
        predicate_type=PREDICATE_MERGE,
        predicate={
            "checkpoint": checkpoint.digest,
            "document": document_of(checkpoint),
            "report": dict(report),
        },
    )
