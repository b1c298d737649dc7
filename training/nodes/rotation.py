"""A node's next key: named by the one in force, and speaking for itself.

The request comes signed by the key in force. Its body is a DSSE envelope that both keys signed, over
``{"node": <key in force>, "next": <next key>, "at": <time>}``: the old one gives its authority, the new one
proves that somebody holds it. The envelope is kept, so that anybody can follow a node from key to key.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from provenance.actors import PUBLIC
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.signing.canonical import parse_object
from provenance.signing.dsse import bare_envelope, open_envelope
from provenance.signing.errors import SigningError
from provenance.signing.keys import PublicKey
from training.nodes.models import Node, NodeKey
from training.nodes.states import NodeState
from training.statements import verified_part

PAYLOAD_TYPE: Final = "application/vnd.tapestry.key-rotation+json"
FIELDS: Final = frozenset({"node", "next", "at"})


@transaction.atomic
def rotate_key(node: Node, envelope: Mapping[str, Any]) -> Node:
    """Put the node's next key in force and retire the present one, which from now on authenticates nothing.

    Manifests that were addressed to the retired key are still answered with it: a job under way is not lost.

    Raises:
        Invalid: ``rotation-invalid``: not signed by both keys, or about other keys than these.
        Conflict: ``key-rotated``, when another request was faster; ``key-already-enrolled``, when the next
            key was ever a node's. NotPermitted: ``node-not-active``.
    """
    old, next_did = node.did, _next_key(node, envelope)
    node = Node.objects.select_for_update(of=("self",)).select_related("member").get(pk=node.pk)
    if node.state != NodeState.ACTIVE:
        raise NotPermitted(f"The node {node.slug} is {node.state}.", code="node-not-active")
    if node.did != old:
        raise Conflict("This key was rotated already.", code="key-rotated")
    if NodeKey.objects.filter(did=next_did).exists():
        raise Conflict(
            "The next key is, or was, a node's.", code="key-already-enrolled", remedy="Make a new key."
        )
    actor = node.actor
    NodeKey.objects.filter(node=node, until__isnull=True).update(until=timezone.now())
    NodeKey.objects.create(node=node, did=next_did, rotation=verified_part(envelope, (old, next_did)))
    node.did = next_did
    node.save(update_fields=["did"])
    record_event(
        actor=actor,
        action="node.key-rotated",
        subject=f"node:{node.slug}",
        audience=PUBLIC,
        evidence=Evidence(place=node.jurisdiction, details={"from": old, "to": next_did}),
    )
    return node


def _next_key(node: Node, envelope: Mapping[str, Any]) -> str:
    """Return the key that the envelope names, once both signatures hold."""
    try:
        claimed = _claimed_next(envelope)
        keys = {did: PublicKey.from_did(did) for did in (node.did, claimed)}
        said = open_envelope(envelope, keys=keys, payload_type=PAYLOAD_TYPE, required=keys).payload
    except SigningError as error:
        raise Invalid(error.detail, code="rotation-invalid", fields={"envelope": [error.code]}) from error
    fits = said.keys() == FIELDS and isinstance(said["at"], str) and said["node"] == node.did
    if not fits or claimed == node.did:
        raise Invalid(
            "The statement is about other keys.", code="rotation-invalid", fields={"envelope": ["payload"]}
        )
    return claimed


def _claimed_next(envelope: Mapping[str, Any]) -> str:
    """Return the key that has to prove itself: the one the payload names, read before it is trusted."""
    bare = bare_envelope(envelope)
    claimed = parse_object(base64.b64decode(bare["payload"])).get("next")
    if not isinstance(claimed, str):
        raise Invalid(
            "The statement names no next key.", code="rotation-invalid", fields={"envelope": ["payload"]}
        )
    return claimed
