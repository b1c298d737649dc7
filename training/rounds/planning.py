"""Open and distributing: policy says who may work on what, each gets a manifest and a message."""

from datetime import datetime

from pydantic import ValidationError

from catalog.tiers import Purpose
from provenance.errors import Invalid
from training.jobs.dispatching import dispatch_job
from training.jobs.sealing import create_job
from training.jobs.states import CONTRIBUTES, JobKind, JobState
from training.manifest import ManifestError
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.rounds.dispatch_policy import allowed_versions, newest_versions
from training.rounds.models import Round
from training.rounds.opening import LONGEST_ROUND
from training.rounds.releasing import take_released
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict
from training.rounds.windows import settle_earlier_jobs


def plan_jobs(round_: Round) -> Verdict:
    """Ask policy for each active node and published version, and make one training job per node.

    A node that still works for an earlier window goes on with that and gets no second job. Decisions,
    manifests, jobs and the round's move are one transaction: there is never half a plan.
    """
    take_released(round_)
    busy = settle_earlier_jobs(round_)
    try:
        planned = _create_jobs(round_, busy)
    except (ManifestError, ValidationError, Invalid) as error:
        return Abandon("manifest-refused", f"No valid manifest can be made: {error}")
    if planned + len(busy) < round_.minimum_contributions:
        return Abandon(
            "too-few-nodes",
            f"{planned + len(busy)} active nodes may train on a published dataset, "
            f"{round_.minimum_contributions} are needed.",
        )
    return Go(RoundState.DISTRIBUTING)


def _create_jobs(round_: Round, busy: set[int]) -> int:
    versions = newest_versions("training")
    kind = JobKind.DISTILLATION if round_.plan.get("teacher") else JobKind.CONTRIBUTED_CPT
    planned = 0
    for node in Node.objects.filter(state=NodeState.ACTIVE).exclude(pk__in=busy).select_related("member"):
        allowed = allowed_versions(
            node, versions, purpose=Purpose.CONTRIBUTED_CPT, approval=f"round:{round_.pk}"
        )
        if allowed:
            create_job(round_, node, kind=kind, versions=allowed, expires_at=_expiry(round_))
            planned += 1
    return planned


def _expiry(round_: Round) -> datetime:
    """Return until when a manifest lasts: as long as votes may make the round wait.

    Who claims a job after its round has collected is refused by the coordinator, not by the date.
    """
    return round_.opened_at + LONGEST_ROUND


def send_jobs(round_: Round) -> Verdict:
    """Send every attached node its message; sovereign nodes come and ask."""
    for kind in CONTRIBUTES:
        send_queued(round_, kind)
    return Go(RoundState.COLLECTING)


def send_queued(round_: Round, kind: JobKind) -> None:
    """Dispatch the round's queued jobs of one kind."""
    for job in round_.jobs.filter(kind=kind, state=JobState.QUEUED).select_related("node"):
        dispatch_job(job)
