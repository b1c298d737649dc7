"""Who calls: a node that signed its request (RFC 9421), and whose key is known and active."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.core.exceptions import BadRequest, RequestDataTooBig
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from provenance.errors import DomainError
from provenance.identity.services import consume_nonce
from provenance.signing.errors import RequestSignatureError
from provenance.signing.http import VerifiedRequest, verify_request
from provenance.signing.keys import PublicKey, resolve_did_key
from training.nodes.models import Node, NodeKey
from training.nodes.programs import program_of, protocol_of
from training.nodes.services import touch_node
from training.nodes.states import NodeState

MAX_BODY: Final = 1 << 20  # bytes of a JSON body, unless the view says otherwise
LONGEST_LENGTH: Final = 19  # digits of a Content-Length that are looked at


class SignatureRefused(AuthenticationFailed):
    """A request that proves nothing. ``code`` is stable; the answer is 401 whatever the reason."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NodeCaller:
    """A node where the framework expects a user. ``pk`` is what its rate is counted under."""

    node: Node

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True

    @property
    def pk(self) -> str:
        """A key that no person's can equal."""
        return f"node:{self.node.pk}"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Somebody who holds the private half of a did:key, and of whom nothing else is known."""

    did: str

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True

    @property
    def pk(self) -> str:
        """What its rate is counted under."""
        return self.did


class NodeSignatureAuthentication(BaseAuthentication):
    """The caller is an active node, or the request is refused; there is no anonymous way in."""

    states: ClassVar[tuple[str, ...]] = (NodeState.ACTIVE,)

    def authenticate(self, request: Request) -> tuple[NodeCaller, VerifiedRequest]:
        """Check signature, key, body and nonce, in this order, so that only valid requests use up nonces."""
        found: list[NodeKey] = []

        def resolve(key_id: str) -> PublicKey | None:
            key = NodeKey.objects.select_related("node__member").filter(did=key_id).first()
            if key is None:
                return None
            found.append(key)
            return PublicKey.from_did(key.did)

        verified = _verified(request, resolve)
        key, node = found[0], found[0].node
        if key.until is not None:
            raise SignatureRefused(
                "key-rotated", f"This key of {node.slug} was rotated at {key.until:%c} UTC."
            )
        if node.state not in self.states:
            raise SignatureRefused("node-not-active", f"The node {node.slug} is {node.state}.")
        _check_body(request, verified)
        _spend(verified)
        touch_node(node, program=program_of(request), protocol=protocol_of(request))
        return NodeCaller(node), verified

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's signature
        """Name the scheme, which makes the framework answer 401 and not 403."""
        return 'Signature realm="tapestry"'


class KnownNodeAuthentication(NodeSignatureAuthentication):
    """Also nodes that may not work: they may ask where they stand."""

    states = tuple(NodeState)


class SelfSignedAuthentication(NodeSignatureAuthentication):
    """For enrolment: the did:key in the signature is the key itself (self-certified)."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, VerifiedRequest]:  # type: ignore[override]
        """Check that the caller holds the key that it names."""
        verified = _verified(request, resolve_did_key)
        _check_body(request, verified)
        _spend(verified)
        return KeyHolder(verified.key_id), verified


def _verified(request: Request, resolve: Any) -> VerifiedRequest:
    try:
        return verify_request(
            method=str(request.method),
            url=request.build_absolute_uri(),
            headers=request.headers,
            resolve=resolve,
        )
    except RequestSignatureError as error:
        raise SignatureRefused(error.code, error.detail) from error


def _check_body(request: Request, verified: VerifiedRequest) -> None:
    """Compare the signed digest with a body held in memory; streamed bytes are compared later."""
    view = (request.parser_context or {}).get("view")
    if getattr(view, "streams_body", False):
        return
    limit = getattr(view, "max_body", MAX_BODY)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("The Content-Length is not a number.")
    if int(length[:LONGEST_LENGTH]) > limit:
        raise RequestDataTooBig(f"A body here has at most {limit} bytes.")
    if hashlib.sha256(request._request.body).digest() != verified.body_sha256:  # noqa: SLF001 - the raw bytes
        raise SignatureRefused("digest-mismatch", "The body is not the one that was signed.")


def _spend(verified: VerifiedRequest) -> None:
    try:
        consume_nonce(key_id=verified.key_id, nonce=verified.nonce, expires_at=verified.expires)
    except DomainError as error:
        raise SignatureRefused(error.code, error.message) from error
