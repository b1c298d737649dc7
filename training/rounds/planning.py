"""Open and distributing: policy says who may work on what, each gets a manifest and a message."""

from pydantic import ValidationError

from catalog.tiers import Purpose
from training.jobs.dispatching import dispatch_job
from training.jobs.sealing import create_job
from training.jobs.states import JobKind, JobState
from training.manifest import ManifestError
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.rounds.dispatch_policy import allowed_versions, newest_versions
from training.rounds.models import Round
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict


def plan_jobs(round_: Round) -> Verdict:
    """Ask policy for each active node and published version, and make one training job per node.

    Decisions, manifests, jobs and the round's move are one transaction: there is never half a plan.
    """
    try:
        planned = _create_jobs(round_)
    except (ManifestError, ValidationError) as error:
        return Abandon("manifest-refused", f"No valid manifest can be made: {error}")
    if planned < round_.minimum_contributions:
        return Abandon(
            "too-few-nodes",
            f"{planned} active nodes may train on a published dataset, "
            f"{round_.minimum_contributions} are needed.",
        )
    return Go(RoundState.DISTRIBUTING)


def _create_jobs(round_: Round) -> int:
    versions = newest_versions("training")
    planned = 0
    for node in Node.objects.filter(state=NodeState.ACTIVE).select_related("member"):
        allowed = allowed_versions(
            node, versions, purpose=Purpose.CONTRIBUTED_CPT, approval=f"round:{round_.pk}"
        )
        if allowed:
            create_job(
                round_, node, kind=JobKind.CONTRIBUTED_CPT, versions=allowed, expires_at=round_.deadline
            )
            planned += 1
    return planned


def send_jobs(round_: Round) -> Verdict:
    """Send every attached node its message; sovereign nodes come and ask."""
    send_queued(round_, JobKind.CONTRIBUTED_CPT)
    return Go(RoundState.COLLECTING)


def send_queued(round_: Round, kind: JobKind) -> None:
    """Dispatch the round's queued jobs of one kind."""
    for job in round_.jobs.filter(kind=kind, state=JobState.QUEUED).select_related("node"):
        dispatch_job(job)
