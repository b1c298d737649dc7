"""How a weight update comes in: the node's signed word on it, then its bytes. One per job (INV-8).

The word binds: its hash is here before anybody else may read a byte of the round, so that nobody shapes an
update by a neighbour's.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from provenance.blobs.store import Blob
from provenance.errors import Conflict, Invalid
from provenance.signing.dsse import payload_digest
from provenance.signing.statements import PREDICATE_CONTRIBUTION
from provenance.states import swap_state
from training.contributions.lineage import record_contribution_event, trace_contribution
from training.contributions.models import Contribution
from training.contributions.states import TRANSITIONS, ContributionState
from training.contributions.verifying import SignedContribution, read_contribution
from training.jobs.claims import held_job, locked_job
from training.jobs.endings import succeed_job
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES
from training.messages import advance_soon, send_after_commit
from training.nodes.models import Node
from training.rounds.windows import are_bytes_readable, round_for
from training.statements import keep_envelope

HEADROOM: Final = 1 << 20  # bytes by which a header may be longer than the base's
WIDEST: Final = 2  # times the base's bytes: an update in fp32 of a base in bf16
ADMIT: Final = "training.contributions.tasks.admit_contribution"


@transaction.atomic
def receive_commitment(
    node: Node, job: Job, attempt: int, envelope: Mapping[str, Any]
) -> tuple[Contribution, bool]:
    """Keep the node's signed word on an update whose bytes are still with it; tell whether it is new.

    The job goes on running. The same word again changes nothing; another one replaces it as long as the round
    collects, because until then nobody has read a byte of a neighbour's.

    Raises:
        NotFound: the job is another node's. Invalid: ``not-a-training-job``, ``key-not-of-node``,
            ``statement-invalid``, ``statement-mismatch``, ``weights-too-large``.
        Conflict: ``attempt-stale``; ``contribution-exists``, when another one was delivered;
            ``commitment-final``; see also `training.rounds.windows.round_for`.
    """
    job = locked_job(node, job)
    if job.kind not in CONTRIBUTES:
        raise Invalid("This job has no weight update to give.", code="not-a-training-job")
    signed = read_contribution(job, attempt, envelope)
    digest = payload_digest(envelope)
    known = Contribution.objects.select_for_update().filter(job=job).first()
    if known is not None and known.digest == digest:
        return known, False
    if known is not None and known.state != ContributionState.COMMITTED:
        raise Conflict("This job has another contribution.", code="contribution-exists", requirement="INV-8")
    if known is not None and are_bytes_readable(known.round):
        message = "Others may read updates of its round by now: what was committed to stands."
        raise Conflict(message, code="commitment-final", remedy="Deliver the bytes that were signed.")
    job = held_job(node, job, attempt)
    _check_size(job, signed)
    contribution = _keep(job, known, signed, digest=digest, envelope=envelope)
    action = "contribution.committed" if known is None else "contribution.recommitted"
    record_contribution_event(contribution, action, node=node, details={"attempt": attempt})
    return contribution, True


@transaction.atomic
def commitment_of(node: Node, job: Job, attempt: int) -> Contribution:
    """Return what the job committed to, for whoever delivers its bytes in ``attempt``.

    After the delivery any attempt may look again, so that a lost answer costs nothing.

    Raises:
        NotFound: the job is another node's. Conflict: ``commitment-missing``, ``attempt-stale``.
    """
    job = locked_job(node, job)
    contribution = Contribution.objects.select_for_update().filter(job=job).first()
    if contribution is None or contribution.state == ContributionState.COMMITTED:
        held_job(node, job, attempt)
    if contribution is None:
        raise Conflict(
            "Nothing is committed to yet.",
            code="commitment-missing",
            remedy="Send the signed statement first.",
        )
    return contribution


@transaction.atomic
def deliver_weights(node: Node, job: Job, attempt: int, blob: Blob) -> Contribution:
    """Take in the bytes that the job committed to, and end it, in one transaction; again changes nothing.

    A later attempt may deliver what an earlier one computed and signed. The round in which the update counts
    is asked for now: in asynchronous work it may be a later one than the job's own.

    Raises:
        NotFound: the job is another node's. Invalid: ``weights-not-committed``.
        Conflict: ``commitment-missing``, ``attempt-stale``; see also `training.rounds.windows.round_for`.
    """
    contribution = commitment_of(node, job, attempt)
    if (blob.sha256, blob.size) != (contribution.weights_sha256, contribution.weights_bytes):
        raise Invalid(
            "These are not the bytes that the job committed to.",
            code="weights-not-committed",
            remedy="Send the bytes that were signed, or sign these while the round collects.",
        )
    if contribution.received_at is not None:
        return contribution
    job = held_job(node, job, attempt)
    round_, staleness = round_for(job)
    counted: dict[str, Any] = {"received_at": timezone.now(), "round": round_, "staleness": staleness}
    swap_state(contribution, to=ContributionState.RECEIVED, table=TRANSITIONS, **counted)
    succeed_job(job)
    used = trace_contribution(contribution)
    record_contribution_event(
        contribution,
        "contribution.received",
        node=node,
        details={"attempt": attempt, "staleness": staleness},
        parents=used,
    )
    send_after_commit(ADMIT, contribution.pk)
    advance_soon(contribution.round_id)
    return contribution


def _check_size(job: Job, signed: SignedContribution) -> None:
    most = WIDEST * job.round.base.weights_bytes + HEADROOM
    if signed.predicate.bytes > most:
        message = f"{signed.predicate.bytes} bytes; an update of this base has at most {most}."
        raise Invalid(message, code="weights-too-large", requirement="INF-6", fields={"bytes": [message]})


def _keep(
    job: Job,
    known: Contribution | None,
    signed: SignedContribution,
    *,
    digest: str,
    envelope: Mapping[str, Any],
) -> Contribution:
    """Write the commitment, or its new words over the old ones; the old statement stays kept."""
    round_, staleness = round_for(job)
    said = signed.predicate
    values = {
        "round": round_,
        "staleness": staleness,
        "digest": digest,
        "weights_sha256": signed.weights_sha256,
        "weights_bytes": said.bytes,
        "codec": said.codec,
        "summary": said.summary,
        "statement": keep_envelope(envelope, predicate_type=PREDICATE_CONTRIBUTION, key_ids=[said.node]),
        "committed_at": timezone.now(),
    }
    if known is None:
        return Contribution.objects.create(job=job, **values)
    for name, value in values.items():
        setattr(known, name, value)
    known.save(update_fields=list(values))
    return known
