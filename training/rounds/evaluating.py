"""Evaluating and promoting: nodes measure a new checkpoint beside the base, on text held out of training."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.tiers import Purpose
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.models import Job
from training.jobs.sealing import create_job
from training.jobs.states import JobKind
from training.messages import send_after_commit
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.rounds.dispatch_policy import allowed_versions, newest_versions
from training.rounds.leaving_out import AT_DEADLINE, leave_out
from training.rounds.missing import await_all, causes_of
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan
from training.rounds.planning import send_queued
from training.rounds.record import record_round_event
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict, Wait
from training.rounds.windows import collected_in

ADMIT: Final = "training.contributions.tasks.admit_contribution"
CANDIDATE: Final = "training.rounds.tasks.make_candidate_of"
EVERY: Final = 10.0  # seconds after which a message that nobody took is dropped: the next look sends another


def measure_candidate(round_: Round) -> Verdict:
    """Wait for the admission of all that came in, for the candidate, and for its figures; in this order."""
    if (waiting := await_admission(round_)) is not None:
        return waiting
    if round_.candidate is not None:
        return _await_figures(round_, round_.candidate, turn=0, to=RoundState.REVIEWING)
    admissible = collected_in(round_).exclude(state=ContributionState.INADMISSIBLE).count()
    if admissible < round_.minimum_contributions:
        cause = f"{admissible} contributions are admissible, {round_.minimum_contributions} are needed."
        return Abandon("too-few-admissible", cause)
    send_after_commit(CANDIDATE, round_.pk, expires=EVERY)
    return Wait("candidate", f"The trial merge of what can be admitted, {admissible} in all.")


def promote(round_: Round) -> Verdict:
    """Wait until the new base is measured, unless it was as a candidate; a base needs no figures."""
    if round_.result is None:
        raise LookupError(f"{round_} is promoting without a result")
    return _await_figures(round_, round_.result, turn=1, to=RoundState.CLOSED)


def await_admission(round_: Round) -> Wait | None:
    """Ask for the admission checks that are still to be made; None when there is none."""
    received = list(collected_in(round_).filter(state=ContributionState.RECEIVED))
    for contribution in received:
        send_after_commit(ADMIT, contribution.pk, expires=EVERY)
    if not received:
        return None
    nodes = ", ".join(contribution.job.node.slug for contribution in received)
    return Wait("admission", f"The admission check of what came from {nodes}.")


def plan_evaluations(round_: Round, checkpoints: Sequence[Checkpoint], *, turn: int) -> list[Job]:
    """Make a job for each node whose update came in, over the versions it trained on and pure test sets.

    One job measures all the checkpoints beside the base. A node that is away is not waited for a second time.
    Must run in the transaction that records the first checkpoint, so that the round has all its evaluations
    or none to wait for.
    """
    extra = newest_versions("evaluation")
    deadline = evaluation_deadline(round_, checkpoints[0])
    jobs = []
    for node, contributions in _by_node(round_).items():
        allowed = _measurable(round_, node, contributions, extra)
        if allowed:
            jobs.append(
                create_job(
                    round_,
                    node,
                    kind=JobKind.EVALUATION,
                    versions=allowed,
                    expires_at=deadline,
                    candidates=checkpoints,
                    turn=turn,
                )
            )
    if not jobs:
        record_round_event(round_, "round.not-evaluated", reason_codes=["no-node-may-evaluate"])
    return jobs


def evaluation_deadline(round_: Round, checkpoint: Checkpoint) -> datetime:
    """Return when the round goes on with the figures that it has."""
    seconds = TrainingPlan.model_validate(round_.plan).evaluation_seconds
    return checkpoint.created_at + timedelta(seconds=seconds)


def _by_node(round_: Round) -> dict[Node, list[Contribution]]:
    """A node may have several: one of this round, and one of an earlier round that an appeal released."""
    found: dict[Node, list[Contribution]] = {}
    for contribution in collected_in(round_).filter(job__node__state=NodeState.ACTIVE):
        found.setdefault(contribution.job.node, []).append(contribution)
    return found


def _measurable(
    round_: Round, node: Node, contributions: Sequence[Contribution], extra: list[DatasetVersion]
) -> list[DatasetVersion]:
    jobs = [contribution.job_id for contribution in contributions]
    used = DatasetVersion.objects.filter(uses__job__in=jobs).select_related("dataset__member").distinct()
    versions = [*used.prefetch_related("files").order_by("digest"), *extra]
    return allowed_versions(node, versions, purpose=Purpose.EVALUATION, approval=f"round:{round_.pk}")


def _await_figures(round_: Round, checkpoint: Checkpoint, *, turn: int, to: RoundState) -> Verdict:
    missing = causes_of(round_.jobs.filter(kind=JobKind.EVALUATION, turn=turn))
    deadline = evaluation_deadline(round_, checkpoint)
    if missing and timezone.now() < deadline:
        send_queued(round_, JobKind.EVALUATION)
        return await_all(missing, f"Until {deadline:%Y-%m-%d %H:%M:%S} UTC for figures: {{}}.")
    leave_out(round_, missing, code=AT_DEADLINE)
    return Go(to)
