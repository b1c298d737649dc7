"""Evaluating: the same nodes measure the parent and the new base on the same held-out text."""

from datetime import datetime, timedelta

from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.tiers import Purpose
from training.checkpoints.models import Checkpoint
from training.jobs.models import Job
from training.jobs.sealing import create_job
from training.jobs.states import ENDED, JobKind
from training.nodes.states import NodeState
from training.rounds.collecting import leave_out
from training.rounds.dispatch_policy import allowed_versions, newest_versions
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan
from training.rounds.planning import send_queued
from training.rounds.record import record_round_event
from training.rounds.states import RoundState
from training.rounds.verdicts import Go, Verdict, Wait


def measure_candidate(round_: Round) -> Verdict:  # noqa: ARG001
    """Go on to the review."""
    return Go(RoundState.REVIEWING)


def evaluate(round_: Round) -> Verdict:
    """Wait for the evaluation jobs, at most as long as the plan says; a base needs no figures."""
    if round_.result is None:
        raise LookupError(f"{round_} is evaluating without a result")
    deadline = evaluation_deadline(round_, round_.result)
    still = round_.jobs.filter(kind=JobKind.EVALUATION).exclude(state__in=ENDED).select_related("node")
    if not still:
        return Go(RoundState.CLOSED)
    if timezone.now() < deadline:
        names = ", ".join(f"{job.node.slug} ({job.get_state_display()})" for job in still)
        send_queued(round_, JobKind.EVALUATION)
        return Wait(f"Evaluations of {names}, until {deadline:%Y-%m-%d %H:%M:%S} UTC.")
    leave_out(round_, list(still))
    return Go(RoundState.CLOSED)


def plan_evaluations(round_: Round, result: Checkpoint) -> list[Job]:
    """Make one evaluation job for each node that trained, over the versions it trained on and pure test sets.

    Must run in the merge's transaction, so that a round in evaluation has all its jobs or none to wait for.
    """
    extra = newest_versions("evaluation")
    jobs = []
    trained = round_.jobs.filter(kind=JobKind.CONTRIBUTED_CPT, node__state=NodeState.ACTIVE)
    for job in trained.select_related("node__member"):
        used = DatasetVersion.objects.filter(uses__job=job).select_related("dataset__member")
        versions = [*used.prefetch_related("files").order_by("digest"), *extra]
        allowed = allowed_versions(
            job.node, versions, purpose=Purpose.EVALUATION, approval=f"round:{round_.pk}"
        )
        if allowed:
            jobs.append(
                create_job(
                    round_,
                    job.node,
                    kind=JobKind.EVALUATION,
                    versions=allowed,
                    expires_at=evaluation_deadline(round_, result),
                    candidates=[result],
                )
            )
    if not jobs:
        record_round_event(round_, "round.not-evaluated", reason_codes=["no-node-may-evaluate"])
    return jobs


def evaluation_deadline(round_: Round, result: Checkpoint) -> datetime:
    """Return when the round closes with the figures that it has."""
    seconds = TrainingPlan.model_validate(round_.plan).evaluation_seconds
    return result.created_at + timedelta(seconds=seconds)
