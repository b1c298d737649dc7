"""How a node is let in, stopped, let in again and let go, by maintainers; and that it was heard of."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from provenance.actors import CONSORTIUM, PUBLIC, Actor
from provenance.errors import Conflict, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from training.grants.revoking import revoke_grants_of_node
from training.jobs.standing import fail_jobs, release_jobs, stop_jobs
from training.nodes.models import Node, NodeApproval
from training.nodes.states import TRANSITIONS, NodeState
from training.voices import person_of, require_maintainer, voice_of

APPROVALS_NEEDED: Final = 2
SEEN_EVERY: Final = timedelta(seconds=30)  # pages call a node away after minutes


@transaction.atomic
def approve_node(actor: Actor, node: Node, *, member: str | None = None) -> Node:
    """Add one member's consent; the second one makes the node active.

    Two maintainers of two different members are needed. The owner's own maintainer may be one of them,
    because letting a member's machine in decides nothing about its contributions; at least one voice is
    another member's.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`.
        Conflict: ``node-not-pending``; ``already-approved`` by this person or this member.
    """
    speaker = voice_of(actor, member=member)
    node = _locked(node)
    if node.state != NodeState.PENDING:
        raise Conflict(
            f"This node is {node.state}.", code="node-not-pending", remedy="There is nothing to approve."
        )
    if node.approvals.filter(Q(member=speaker) | Q(maintainer_id=actor.key)).exists():
        raise Conflict(
            "You, or somebody of your member, approved this node already.",
            code="already-approved",
            remedy="A maintainer of another member has to agree as well.",
        )
    NodeApproval.objects.create(node=node, maintainer=person_of(actor), member=speaker)
    record_event(actor=actor, action="node.approved", subject=f"node:{node.slug}", audience=CONSORTIUM)
    if node.approvals.count() >= APPROVALS_NEEDED:
        _move(actor, node, NodeState.ACTIVE, action="node.activated")
    return node


@transaction.atomic
def suspend_node(actor: Actor, node: Node, *, cause: str) -> Node:
    """Stop a node at once. Any maintainer may: it harms nobody for long, since `reinstate_node` undoes it.

    Its leases and grants end. Its jobs wait for it, with the cause, until their round's deadline; what it has
    computed stays on its disk, and is welcome after it was reinstated if the round still wants it.

    Raises:
        NotPermitted: ``not-a-maintainer``. Conflict: ``state-changed``, when it is not active.
    """
    require_maintainer(actor)
    return _move(actor, _locked(node), NodeState.SUSPENDED, action="node.suspended", cause=cause)


@transaction.atomic
def reinstate_node(actor: Actor, node: Node, *, cause: str, member: str | None = None) -> Node:
    """Let a suspended node take part again, on the word of a maintainer of another member than its owner.

    Raises:
        NotPermitted: ``not-a-maintainer``, ``recused``. Conflict: ``state-changed``, when it is not
        suspended.
    """
    node = _locked(node)
    voice_of(actor, recused=node.member.slug, member=member)
    return _move(
        actor, node, NodeState.ACTIVE, action="node.reinstated", cause=cause, expected=(NodeState.SUSPENDED,)
    )


@transaction.atomic
def revoke_node(actor: Actor, node: Node, *, cause: str) -> Node:
    """End a node's part for ever: its owner's exit right, or any maintainer's no to a node still pending.

    Raises:
        NotPermitted: ``not-a-maintainer``, ``not-the-owner``. Conflict: ``state-changed``, when it is
        revoked.
    """
    require_maintainer(actor)
    node = _locked(node)
    if node.state != NodeState.PENDING and not actor.has_role("maintainer", member=node.member.slug):
        raise NotPermitted(
            f"Only a maintainer of {node.member.slug} revokes this node.",
            code="not-the-owner",
            remedy="Suspend it: that stops it at once.",
        )
    return _move(actor, node, NodeState.REVOKED, action="node.revoked", cause=cause)


def touch_node(node: Node, *, program: str, protocol: int) -> None:
    """Note that the node was heard of, and what it runs; writes once in `SEEN_EVERY`, or on a change."""
    now = timezone.now()
    is_known = (node.program, node.protocol) == (program, protocol)
    if is_known and node.last_seen_at is not None and node.last_seen_at > now - SEEN_EVERY:
        return
    node.last_seen_at, node.program, node.protocol = now, program, protocol
    Node.objects.filter(pk=node.pk).update(last_seen_at=now, program=program, protocol=protocol)


def _locked(node: Node) -> Node:
    return Node.objects.select_for_update(of=("self",)).select_related("member").get(pk=node.pk)


def _move(
    actor: Actor,
    node: Node,
    to: NodeState,
    *,
    action: str,
    cause: str = "",
    expected: tuple[str, ...] | None = None,
) -> Node:
    swap_state(node, to=to, table=TRANSITIONS, expected=expected)
    if to == NodeState.ACTIVE:
        release_jobs(node)
    else:
        revoke_grants_of_node(node, actor=actor, because=f"node-{to}")
    if to == NodeState.SUSPENDED:
        stop_jobs(node, actor=actor, cause=cause)
    if to == NodeState.REVOKED:
        fail_jobs(node, actor=actor)
    record_event(
        actor=actor,
        action=action,
        subject=f"node:{node.slug}",
        audience=PUBLIC,
        evidence=Evidence(place=node.jurisdiction, details={"cause": cause} if cause else {}),
    )
    return node
