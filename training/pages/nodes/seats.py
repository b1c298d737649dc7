"""Nodes with what belongs to them on lists and pages, read together so that many cost what a few do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from catalog.design.languages import territory_for_reader
from catalog.members.models import Member
from provenance.actors import Actor
from training.jobs.models import Job
from training.jobs.states import JobState
from training.nodes.models import Node, NodeApproval
from training.nodes.states import NodeState
from training.pages.nodes.presence import away_since, is_too_old
from training.pages.voices import VoiceForm, voices_of


@dataclass(frozen=True, slots=True)
class Seat:
    """A node with what runs on it; for one that waits, who agreed and how this reader may agree."""

    node: Node
    job: Job | None = None
    approvals: list[NodeApproval] = field(default_factory=list)
    form: VoiceForm | None = None
    has_spoken: bool = False

    @property
    def place(self) -> str:
        """The country where the machine stands, in words."""
        return territory_for_reader(self.node.jurisdiction)

    @property
    def away(self) -> datetime | None:
        """Since when it is not heard of, though it should be."""
        return away_since(self.node)

    @property
    def too_old(self) -> bool:
        """Whether the coordinator no longer answers its program."""
        return is_too_old(self.node)


def visible_nodes(actor: Actor) -> QuerySet[Node]:
    """Return the nodes that ``actor`` may know: those that still wait are for the consortium alone."""
    nodes = Node.objects.select_related("member").order_by("member__name", "slug")
    return nodes if actor.members else nodes.exclude(state=NodeState.PENDING)


def seats_of(nodes: Iterable[Node], actor: Actor) -> list[Seat]:
    """Read everything about these nodes in four queries, whatever their number."""
    found = list(nodes)
    running = Job.objects.filter(node__in=found, state=JobState.RUNNING).select_related("round__family")
    jobs = {job.node_id: job for job in running}
    approvals: dict[int, list[NodeApproval]] = {}
    waiting = [node for node in found if node.state == NodeState.PENDING]
    for approval in NodeApproval.objects.filter(node__in=waiting).select_related("member", "maintainer"):
        approvals.setdefault(approval.node_id, []).append(approval)
    voices = voices_of(actor) if waiting else []
    return [_seat(node, jobs.get(node.pk), approvals.get(node.pk, []), voices, actor) for node in found]


def _seat(
    node: Node, job: Job | None, approvals: list[NodeApproval], voices: list[Member], actor: Actor
) -> Seat:
    spoken = {approval.member_id for approval in approvals}
    left = [member for member in voices if member.pk not in spoken]
    mine = any(approval.maintainer_id == actor.key for approval in approvals)
    asked = node.state == NodeState.PENDING and left and not mine
    form = VoiceForm(voices=voices, auto_id=f"{node.slug}-%s") if asked else None
    return Seat(node, job, approvals, form, has_spoken=bool(voices) and form is None)
