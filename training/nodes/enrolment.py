"""How a node asks to take part, and says what its machine is. Its key never leaves that machine."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from catalog.members.models import Member
from provenance.actors import CONSORTIUM, Actor, ActorKind
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from training.nodes.models import Node, NodeKey


@transaction.atomic
def request_enrolment(
    *,
    did: str,
    slug: str,
    name: str,
    member_slug: str,
    form: str,
    jurisdiction: str,
    capabilities: dict[str, Any],
) -> Node:
    """Note that the holder of ``did`` asks to take part for a member; asking again changes nothing.

    The request was signed with the key itself, which proves possession and nothing else: the member's name is
    a claim until maintainers approve it, so the event names no member as the actor's own.

    Raises:
        Invalid: ``member-unknown``.
        Conflict: ``slug-taken`` by another key; ``key-already-enrolled`` under another slug or member;
            ``key-rotated``, for a key that was retired.
    """
    member = Member.objects.filter(slug=member_slug).first()
    if member is None:
        raise Invalid(f"There is no member {member_slug!r}.", code="member-unknown", remedy="See /members/.")
    _hold_name_and_key(slug, did)
    held = Q(pk__in=NodeKey.objects.filter(did=did).values("node"))
    known = Node.objects.filter(held | Q(slug=slug)).order_by("id").first()
    if known is not None:
        return _same_request(known, did=did, slug=slug, member=member)
    wish = {"did": did, "slug": slug, "name": name, "form": form, "jurisdiction": jurisdiction}
    node = Node.objects.create(member=member, capabilities=capabilities, **wish)
    NodeKey.objects.create(node=node, did=did)
    record_event(
        actor=Actor(ActorKind.NODE, did, slug),
        action="node.enrolment-requested",
        subject=f"node:{slug}",
        audience=CONSORTIUM,
        evidence=Evidence(place=jurisdiction, details={"member": member_slug, "form": form}),
    )
    return node


@transaction.atomic
def describe_node(node: Node, *, capabilities: dict[str, Any]) -> Node:
    """Keep what a node says of its machine now; the same again changes nothing."""
    node = Node.objects.select_for_update(of=("self",)).select_related("member").get(pk=node.pk)
    if node.capabilities == capabilities:
        return node
    node.capabilities = capabilities
    node.save(update_fields=["capabilities"])
    record_event(
        actor=node.actor,
        action="node.described",
        subject=f"node:{node.slug}",
        audience=CONSORTIUM,
        evidence=Evidence(place=node.jurisdiction, details={"capabilities": capabilities}),
    )
    return node


def _hold_name_and_key(*names: str) -> None:
    """Let two requests for one name, or by one key, come one after the other until this transaction ends."""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('training.node'), hashtext(%s))", [name])


def _same_request(known: Node, *, did: str, slug: str, member: Member) -> Node:
    if known.did != did and known.keys.filter(did=did).exists():
        raise Conflict(
            "This key was rotated; its node has another one now.",
            code="key-rotated",
            remedy="Use the node's present key.",
        )
    if known.did != did:
        raise Conflict(
            f"Another key is enrolled as {slug!r}.",
            code="slug-taken",
            remedy="Choose another name for the node.",
        )
    if known.slug != slug or known.member_id != member.pk:
        raise Conflict(
            "This key is enrolled under another name or for another member.",
            code="key-already-enrolled",
            remedy="Make a new key for another node.",
        )
    return known
