"""The address of a checkpoint: the digest of the document that says how to compute it again (INV-5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.signing.canonical import digest
from training.merge.errors import MergeError

CODE_VERSION = "merge/1"
"""Changes whenever the same inputs would give other bytes; a test holds it to known hashes."""
CODEC = "fp32"


def recipe(
    *,
    parent_digest: str | None,
    contribution_digests: Sequence[str],
    rule: str,
    parameters: Mapping[str, Any],
    server: Mapping[str, Any] | None = None,
    codec: str = CODEC,
    code_version: str = CODE_VERSION,
) -> dict[str, Any]:
    """Everything that a base is a function of; `parent_digest` is None for initial weights only.

    `parameters` are the rule's, as JSON values: `Merged.parameters`; architecture and seed for "initial".
    `server` is `Merged.server`, with the sha256 of the parent's state; absent for the plain one.
    Raises MergeError("duplicate-contribution"): one contribution counts once.
    """
    ordered = sorted(contribution_digests)
    if len(set(ordered)) != len(ordered):
        raise MergeError("duplicate-contribution", "a contribution stands twice in the recipe")
    made: dict[str, Any] = {
        "parent": parent_digest,
        "contributions": ordered,
        "rule": rule,
        "parameters": dict(parameters),
        "codec": codec,
        "code_version": code_version,
    }
    return made if server is None else made | {"server": dict(server)}


def checkpoint_document(
    recipe: Mapping[str, Any], weights_sha256: str, state_sha256: str = ""
) -> dict[str, Any]:
    """The document that a checkpoint's digest is the digest of: how it was made, and what came out."""
    made: dict[str, Any] = {
        "type": "tapestry-checkpoint-v1",
        "recipe": dict(recipe),
        "weights": {"sha256": weights_sha256},
    }
    return made | {"server_state": {"sha256": state_sha256}} if state_sha256 else made


def checkpoint_digest(recipe: Mapping[str, Any], weights_sha256: str, state_sha256: str = "") -> str:
    """Hex sha256 of the canonical (RFC 8785) checkpoint document."""
    return digest(checkpoint_document(recipe, weights_sha256, state_sha256))
