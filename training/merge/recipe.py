"""The address of a checkpoint: the digest of the document that says how to compute it again (INV-5)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from provenance.signing.canonical import digest
from training.merge.errors import MergeError

CODE_VERSION = "merge/1"
"""Changes whenever the same inputs would give other bytes; a test holds it to known hashes."""
CODEC = "fp32"


def merge_order(deltas: Mapping[str, Path]) -> list[Path]:
    """The delta files by contribution digest, in the one order in which they are summed.

    Float addition is not associative: ordering by digest makes the order of arrival irrelevant.
    """
    return [deltas[key] for key in sorted(deltas)]


def recipe(
    *,
    parent_digest: str | None,
    contribution_digests: Sequence[str],
    rule: str,
    parameters: Mapping[str, Any],
    codec: str = CODEC,
    code_version: str = CODE_VERSION,
) -> dict[str, Any]:
    """Everything that a base is a function of; `parent_digest` is None for initial weights only.

    `parameters` are the rule's, as JSON values: none for the mean; influence cap and weights, as exact
    fractions, for "weighted-mean"; architecture and seed for "initial".
    Raises MergeError("duplicate-contribution"): one contribution counts once.
    """
    ordered = sorted(contribution_digests)
    if len(set(ordered)) != len(ordered):
        raise MergeError("duplicate-contribution", "a contribution stands twice in the recipe")
    return {
        "parent": parent_digest,
        "contributions": ordered,
        "rule": rule,
        "parameters": dict(parameters),
        "codec": codec,
        "code_version": code_version,
    }


def checkpoint_document(recipe: Mapping[str, Any], weights_sha256: str) -> dict[str, Any]:
    """The document that a checkpoint's digest is the digest of: how it was made, and what came out."""
    return {
        "type": "tapestry-checkpoint-v1",
        "recipe": dict(recipe),
        "weights": {"sha256": weights_sha256},
    }


def checkpoint_digest(recipe: Mapping[str, Any], weights_sha256: str) -> str:
    """Hex sha256 of the canonical (RFC 8785) checkpoint document."""
    return digest(checkpoint_document(recipe, weights_sha256))
