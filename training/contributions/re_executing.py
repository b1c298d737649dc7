"""Asking another node to compute a contribution again: who may, and how it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.policy import Decision, Operation, decide
from catalog.policy.services import record_decision
from catalog.tiers import Purpose
from provenance.actors import Actor
from provenance.errors import Conflict, NotPermitted
from provenance.events.services import Evidence, record_event
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.dispatching import dispatch_job
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.jobs.sealing import create_re_execution
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.retention.recalling import refuse_dropped
from training.rounds.windows import are_bytes_readable
from training.voices import require_maintainer

NOT_HERE: Final = (ContributionState.COMMITTED, ContributionState.WITHDRAWN)
PATIENCE: Final = 3  # times the seconds that the job may take: until then a node has begun and ended it
LONGEST: Final = timedelta(days=29)  # a manifest lives for at most 30
REASONS: Final = {
    "own-contribution": "It made this contribution itself.",
    "asked-already": "It was asked already.",
    "not-owner-node": "Data among the inputs never leave the nodes of their owner.",
    "version-withdrawn": "Data among the inputs were withdrawn.",
    "outside-residency": "Data among the inputs may not be processed where it stands.",
    "embargoed": "Data among the inputs are under embargo.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A node that may be asked, or why it may not: a stable ``code``, empty for yes, and a sentence."""

    node: Node
    code: str = ""
    reason: str = ""


def nodes_for(contribution: Contribution) -> list[Choice]:
    """Return every active node and whether it may compute this contribution again; nothing is recorded."""
    versions = _inputs(contribution)
    asked = set(contribution.checks.values_list("node_id", flat=True))
    active = Node.objects.filter(state=NodeState.ACTIVE).select_related("member")
    return [_choice(contribution, node, _answers(node, versions), asked) for node in active.order_by("slug")]


@transaction.atomic
def request_re_execution(actor: Actor, contribution: Contribution, node: Node) -> Job:
    """Ask ``node`` to compute a contribution again and compare; the job is part of the contribution's round.

    Policy has to let the node have every input of the contribution's own manifest, and each of its answers is
    recorded. The round has to have collected, so that the comparison shows nobody a neighbour's bytes.

    Raises:
        NotPermitted: ``not-a-maintainer``; ``no-node-may``, ``own-contribution``, ``node-not-active``, or the
            first code of the policy's refusal.
        Conflict: ``asked-already``; ``contribution-not-here``, ``round-collects``.
        ManifestError: the contribution's manifest breaks a rule of today.
    """
    require_maintainer(actor)
    contribution = _locked(contribution)
    _refuse_early(contribution)
    node = Node.objects.select_related("member").get(pk=node.pk)
    versions = _inputs(contribution)
    answers = _answers(node, versions)
    asked = set(contribution.checks.values_list("node_id", flat=True))
    _refuse(contribution, _choice(contribution, node, answers, asked))
    for answer in answers:
        record_decision(actor=node.actor, decision=answer, approval=f"contribution:{contribution.digest}")
    seconds = manifest_in(contribution.job).limits.seconds
    life = min(PATIENCE * timedelta(seconds=seconds), LONGEST)
    job = create_re_execution(contribution, node, versions=versions, expires_at=timezone.now() + life)
    record_event(
        actor=actor,
        action="contribution.re-execution-requested",
        subject=f"contribution:{contribution.digest}",
        evidence=Evidence(
            artifact=contribution.digest, job=job.pk, purpose=job.kind, details={"node": node.slug}
        ),
    )
    return dispatch_job(job)


def _locked(contribution: Contribution) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self",))
    return rows.select_related("job__round__family", "job__node__member", "round").get(pk=contribution.pk)


def _refuse_early(contribution: Contribution) -> None:
    if contribution.state in NOT_HERE:
        raise Conflict("Its bytes are not here.", code="contribution-not-here")
    refuse_dropped(contribution)
    if not are_bytes_readable(contribution.round):
        raise Conflict(
            "Its round still collects: until that ends nobody reads another node's update.",
            code="round-collects",
            remedy="Ask again when the round has collected.",
        )


def _refuse(contribution: Contribution, choice: Choice) -> None:
    if not choice.code:
        return
    if choice.code == "asked-already":
        raise Conflict(choice.reason, code=choice.code)
    if all(other.code for other in nodes_for(contribution)):
        raise NotPermitted(
            f"No node may compute this contribution again. {choice.node.slug}: {choice.reason}",
            code="no-node-may",
            requirement="DM:11",
            remedy="Local-only data can be checked on another node of their owner alone.",
        )
    raise NotPermitted(choice.reason, code=choice.code, requirement="DM:11", remedy="Ask another node.")


def _choice(contribution: Contribution, node: Node, answers: Sequence[Decision], asked: set[int]) -> Choice:
    if node.pk == contribution.job.node_id:
        return _no(node, "own-contribution")
    if node.pk in asked:
        return _no(node, "asked-already")
    if node.state != NodeState.ACTIVE:
        return Choice(node, "node-not-active", f"It is {node.state}.")
    against = next((answer for answer in answers if not answer.allowed), None)
    return _no(node, against.reason_codes[0]) if against else Choice(node)


def _answers(node: Node, versions: Sequence[DatasetVersion]) -> list[Decision]:
    """Ask policy about each version, as it was asked when the round was planned."""
    return [
        decide(
            actor=node.actor,
            operation=Operation.DISPATCH,
            version_or_facts=version,
            purpose=Purpose.CONTRIBUTED_CPT,
            place=node.jurisdiction,
        )
        for version in versions
    ]


def _no(node: Node, code: str) -> Choice:
    return Choice(node, code, REASONS.get(code, f"Policy does not let it have every input: {code}."))


def _inputs(contribution: Contribution) -> list[DatasetVersion]:
    used = DatasetVersion.objects.filter(uses__job=contribution.job_id)
    return list(used.select_related("dataset__member").prefetch_related("files").order_by("digest"))
