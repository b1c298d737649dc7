"""What the lineage and the log keep of a contribution."""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.events.services import Evidence, record_event
from provenance.lineage.models import ArtifactKind, Relation
from provenance.lineage.services import connect, register_artifact
from training.contributions.models import Contribution
from training.jobs.manifests import manifest_in
from training.jobs.sealing import artifacts_of
from training.nodes.models import Node


def trace_contribution(contribution: Contribution) -> list[str]:
    """Draw the edges, all on the node's own signed word (INV-4), and return what it used.

    The word names base and inputs itself, and a teacher by the manifest that it names.
    """
    job = contribution.job
    manifest = manifest_in(job)
    models = [manifest.base.digest, *([manifest.teacher.weights.digest] if manifest.teacher else [])]
    used = [*models, *sorted(version.version_digest for version in manifest.inputs)]
    artifact = register_artifact(
        digest=contribution.digest,
        kind=ArtifactKind.CONTRIBUTION,
        name=f"contribution of {job.node.slug} to {contribution.round}",
        snapshot={
            "node": job.node.slug,
            "member": job.node.member.slug,
            "round": contribution.round_id,
            "staleness": contribution.staleness,
            "job": str(job.pk),
            "weights": contribution.weights_sha256,
            **contribution.summary,
        },
    )
    statement = contribution.statement
    for relation, digests in ((Relation.USED, used), (Relation.INFORMED_BY, [job.manifest_digest])):
        connect(source=artifact, targets=artifacts_of(digests), relation=relation, statement=statement)
    return used


def record_contribution_event(
    contribution: Contribution,
    action: str,
    *,
    node: Node,
    details: Mapping[str, Any],
    parents: Sequence[str] = (),
    weights: str = "",
) -> None:
    """Append what the node did: on which job, in which place, with the hash of the weights that it made."""
    record_event(
        actor=node.actor,
        action=action,
        subject=f"contribution:{contribution.digest}",
        evidence=Evidence(
            artifact=contribution.digest,
            job=contribution.job_id,
            place=node.jurisdiction,
            purpose=contribution.job.kind,
            parents=parents,
            outputs=[weights or contribution.weights_sha256],
            details={"round": contribution.round_id, **details},
        ),
    )
