"""How a weight update comes in: its bytes, then the node's signed word on them. One per job (INV-8)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from provenance.blobs import get_store
from provenance.blobs.store import Blob, BlobTooLarge
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import ArtifactKind, Relation
from provenance.lineage.services import connect, register_artifact
from provenance.signing.dsse import payload_digest
from provenance.signing.statements import PREDICATE_CONTRIBUTION
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.contributions.verifying import SignedContribution, read_contribution
from training.jobs.claims import held_job, locked_job
from training.jobs.endings import succeed_job
from training.jobs.models import Job
from training.jobs.sealing import artifacts_of
from training.jobs.states import JobKind
from training.messages import send_after_commit
from training.nodes.models import Node
from training.statements import keep_envelope

HEADROOM: Final = 1 << 20  # bytes by which a header may be longer than the base's
ADMIT: Final = "training.contributions.tasks.admit_contribution"


def receive_weights(node: Node, job: Job, attempt: int, chunks: Iterable[bytes], content_sha256: str) -> Blob:
    """Stream the bytes of an update into the blob store; nothing of them is read here.

    ``content_sha256`` is the hash that the request's signature covers. No row is locked while bytes come in;
    the node keeps its lease by heartbeats meanwhile.

    Raises:
        NotFound, Conflict: see `training.jobs.claims.held_job`. Invalid: ``not-a-training-job``,
            ``weights-too-large``. BlobMismatch: the bytes are not those that were signed.
    """
    with transaction.atomic():
        job = held_job(node, job, attempt)
        if job.kind != JobKind.CONTRIBUTED_CPT:
            raise Invalid("An evaluation has no weights to send.", code="not-a-training-job")
        limit = job.round.base.weights_bytes + HEADROOM
    try:
        return get_store().put(chunks, expected_sha256=content_sha256, max_bytes=limit)
    except BlobTooLarge as error:
        raise Invalid(str(error), code="weights-too-large", requirement="INF-6") from error


@transaction.atomic
def receive_contribution(
    node: Node, job: Job, attempt: int, envelope: Mapping[str, Any]
) -> tuple[Contribution, bool]:
    """Keep the node's signed contribution and end its job, in one transaction; tell whether it is new.

    The same statement again gives the same contribution, so that a node which missed the answer may ask
    again.

    Raises:
        NotFound: the job is another node's. Invalid: ``statement-invalid``, ``statement-mismatch``,
            ``weights-missing``. Conflict: ``attempt-stale``; ``contribution-exists`` with other content.
    """
    job = locked_job(node, job)
    signed = read_contribution(node, job, attempt, envelope)
    digest = payload_digest(envelope)
    known = Contribution.objects.filter(job=job).first()
    if known is not None and known.digest == digest:
        return known, False
    if known is not None:
        raise Conflict("This job has another contribution.", code="contribution-exists", requirement="INV-8")
    job = held_job(node, job, attempt)
    _check_bytes(signed)
    succeed_job(job)
    contribution = _keep(node, job, signed, digest=digest, envelope=envelope)
    send_after_commit(ADMIT, contribution.pk)
    return contribution, True


def _check_bytes(signed: SignedContribution) -> None:
    store = get_store()
    if not store.exists(signed.weights_sha256) or store.size(signed.weights_sha256) != signed.predicate.bytes:
        raise Invalid(
            "The weights that the statement is about are not here, or have another size.",
            code="weights-missing",
            remedy="Send the weights first.",
        )


def _keep(
    node: Node, job: Job, signed: SignedContribution, *, digest: str, envelope: Mapping[str, Any]
) -> Contribution:
    said = signed.predicate
    contribution = Contribution.objects.create(
        job=job,
        round=job.round,
        state=ContributionState.RECEIVED,
        received_at=timezone.now(),
        digest=digest,
        weights_sha256=signed.weights_sha256,
        weights_bytes=said.bytes,
        statement=keep_envelope(envelope, predicate_type=PREDICATE_CONTRIBUTION, key_ids=[node.did]),
        summary=said.summary,
    )
    _trace(contribution, [said.base, *said.inputs])
    record_event(
        actor=node.actor,
        action="contribution.received",
        subject=f"contribution:{digest}",
        evidence=Evidence(
            artifact=digest,
            job=job.pk,
            place=node.jurisdiction,
            purpose=job.kind,
            parents=[said.base, *said.inputs],
            outputs=[signed.weights_sha256],
            details={"attempt": job.attempt, "round": job.round_id},
        ),
    )
    return contribution


def _trace(contribution: Contribution, used: Sequence[str]) -> None:
    """Draw the edges, all on the node's own signed word (INV-4)."""
    job = contribution.job
    artifact = register_artifact(
        digest=contribution.digest,
        kind=ArtifactKind.CONTRIBUTION,
        name=f"contribution of {job.node.slug} to {job.round}",
        snapshot={
            "node": job.node.slug,
            "member": job.node.member.slug,
            "round": job.round_id,
            "job": str(job.pk),
            "weights": contribution.weights_sha256,
            **contribution.summary,
        },
    )
    statement = contribution.statement
    for relation, digests in ((Relation.USED, used), (Relation.INFORMED_BY, [job.manifest_digest])):
        connect(source=artifact, targets=artifacts_of(digests), relation=relation, statement=statement)
