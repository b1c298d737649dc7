"""How a node's measurements come in, under its signature, once per job."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from catalog.datasets.models import DatasetVersion
from provenance.errors import Invalid
from provenance.events.services import Evidence, record_event
from provenance.signing.statements import PREDICATE_TEST_RESULT
from training.checkpoints.models import Checkpoint, Evaluation, Probe
from training.contributions.statement import EvaluationPredicate, Measurement, ProbeFigure
from training.contributions.verifying import read_evaluation
from training.jobs.claims import held_job, locked_job
from training.jobs.endings import succeed_job
from training.jobs.models import Job
from training.jobs.states import JobKind, JobState
from training.nodes.models import Node
from training.statements import keep_envelope

Figure = tuple[str, str, str, float]
"""Digests of checkpoint and version, the language or the kind of probe, and the value."""


@transaction.atomic
def receive_evaluation(
    node: Node, job: Job, attempt: int, envelope: Mapping[str, Any]
) -> tuple[list[Evaluation], bool]:
    """Keep the figures of an evaluation and end its job; tell whether they are new.

    Raises:
        NotFound: the job is another node's. Conflict: ``attempt-stale``.
        Invalid: ``not-an-evaluation``, ``key-not-of-node``, ``statement-invalid``, ``statement-mismatch``.
    """
    job = locked_job(node, job)
    if job.kind != JobKind.EVALUATION:
        raise Invalid("This job trains; it has nothing to measure.", code="not-an-evaluation")
    said = read_evaluation(job, attempt, envelope)
    if job.state == JobState.SUCCEEDED and job.attempt == attempt and _known(job) == _figures(said):
        return list(job.evaluations.all()), False
    job = held_job(node, job, attempt)
    succeed_job(job)
    statement = keep_envelope(envelope, predicate_type=PREDICATE_TEST_RESULT, key_ids=[said.node])
    rows = _keep(job, said)
    record_event(
        actor=node.actor,
        action="checkpoint.evaluated",
        subject=f"round:{job.round_id}",
        evidence=Evidence(
            job=job.pk,
            place=node.jurisdiction,
            purpose=job.kind,
            parents=sorted({m.checkpoint for m in said.measurements}),
            details={
                "statement": statement.digest,
                "measurements": len(rows),
                **({"probes": len(said.probes)} if said.probes else {}),
            },
        ),
    )
    return rows, True


def _keep(job: Job, said: EvaluationPredicate) -> list[Evaluation]:
    figures: list[Measurement | ProbeFigure] = [*said.measurements, *said.probes]
    checkpoints = Checkpoint.measured.in_bulk({each.checkpoint for each in figures}, field_name="digest")
    versions = DatasetVersion.objects.in_bulk({each.version for each in figures}, field_name="digest")
    Probe.objects.bulk_create(
        [
            Probe(
                checkpoint=checkpoints[p.checkpoint],
                job=job,
                version=versions[p.version],
                kind=p.kind,
                value=p.value,
                canaries=p.canaries,
            )
            for p in said.probes
        ]
    )
    return Evaluation.objects.bulk_create(
        [
            Evaluation(
                checkpoint=checkpoints[m.checkpoint],
                job=job,
                version=versions[m.version],
                language=m.language,
                bits_per_byte=m.bits_per_byte,
                bytes=m.bytes,
            )
            for m in said.measurements
        ]
    )


def _known(job: Job) -> set[Figure]:
    columns = ("checkpoint__digest", "version__digest")
    measured = job.evaluations.values_list(*columns, "language", "bits_per_byte")
    return {*measured, *job.probes.values_list(*columns, "kind", "value")}


def _figures(said: EvaluationPredicate) -> set[Figure]:
    measured = {(m.checkpoint, m.version, m.language, m.bits_per_byte) for m in said.measurements}
    return measured | {(p.checkpoint, p.version, p.kind, p.value) for p in said.probes}
