"""How signed requests appear in the API's description. Importing this module registers it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class NodeSignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """HTTP Message Signatures: the caller is an active node."""

    target_class = "training.nodes.authentication.NodeSignatureAuthentication"
    name = "nodeSignature"
    who = "The key is an active node's."

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """Return the scheme as the description shows it."""
        return {
            "type": "http",
            "scheme": "signature",
            "description": (
                "RFC 9421 with an Ed25519 did:key, tag `tapestry-node`, over @method, @authority, @path, "
                "@query and content-digest (RFC 9530), with created, expires and a nonce that is used "
                f"once. {self.who}"
            ),
        }


class KnownNodeScheme(NodeSignatureScheme):  # type: ignore[no-untyped-call]
    """The same; the caller is a node in any state."""

    target_class = "training.nodes.authentication.KnownNodeAuthentication"
    name = "knownNodeSignature"
    who = "The key is a node's, whatever its state."


class SelfSignedScheme(NodeSignatureScheme):  # type: ignore[no-untyped-call]
    """The same; the caller holds the key, and nothing else is known."""

    target_class = "training.nodes.authentication.SelfSignedAuthentication"
    name = "selfSignature"
    who = "The key is any did:key."


class IfSignedScheme(NodeSignatureScheme):  # type: ignore[no-untyped-call]
    """The same, where the request carries a signature at all."""

    target_class = "training.api.public_views.NodeIfSigned"
    name = "nodeSignatureIfAny"
    who = "Without one the caller is whoever is signed in, or nobody."
