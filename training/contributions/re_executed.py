"""What came out when a contribution was computed again, under the signature of the node that did."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from provenance.errors import Conflict, Invalid
from provenance.signing.statements import PREDICATE_RE_EXECUTION
from training.contributions.lineage import record_contribution_event
from training.contributions.models import ReExecution
from training.contributions.verifying import read_re_execution
from training.jobs.claims import held_job, locked_job
from training.jobs.endings import succeed_job
from training.jobs.models import Job
from training.nodes.models import Node
from training.statements import keep_envelope


@transaction.atomic
def receive_re_execution(
    node: Node, job: Job, attempt: int, envelope: Mapping[str, Any]
) -> tuple[ReExecution, bool]:
    """Keep the outcome and end the job, in one transaction; tell whether it is new. It decides nothing.

    Raises:
        NotFound: the job is another node's.
        Invalid: ``not-a-re-execution``, ``key-not-of-node``, ``statement-invalid``, ``statement-mismatch``.
        Conflict: ``attempt-stale``; ``result-exists`` with other content.
    """
    job = locked_job(node, job)
    contribution = job.subject
    if contribution is None:
        raise Invalid("This job repeats no contribution.", code="not-a-re-execution")
    said = read_re_execution(job, attempt, envelope)
    statement = keep_envelope(envelope, predicate_type=PREDICATE_RE_EXECUTION, key_ids=[said.node])
    known = ReExecution.objects.filter(job=job).first()
    if known is not None and known.statement_id == statement.pk:
        return known, False
    if known is not None:
        raise Conflict("This job has another result.", code="result-exists", requirement="INV-8")
    job = held_job(node, job, attempt)
    succeed_job(job)
    outcome = ReExecution.objects.create(
        job=job,
        contribution=contribution,
        identical=said.identical,
        distance=said.distance,
        statement=statement,
    )
    record_contribution_event(
        contribution,
        "contribution.re-executed",
        node=node,
        details={
            "statement": statement.digest,
            "by": str(job.pk),
            "identical": said.identical,
            "distance": said.distance,
        },
        weights=said.weights,
    )
    return outcome, True
