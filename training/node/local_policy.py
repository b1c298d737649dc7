"""The member's own rules for this node: they win over every manifest, whoever signed it (DM:15, SR-6)."""

import fnmatch
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.manifest import JobManifest
from training.node.errors import Refused, SetupError


class LocalPolicy(BaseModel):
    """``policy.toml``: what this node does at all. What it does not name, it does not do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purposes: frozenset[str]
    datasets: Annotated[list[str], Field(description="slugs or patterns such as 'open-*'")]
    forbidden_datasets: list[str] = []
    max_seconds: Annotated[int, Field(gt=0)] = 3600
    max_memory_bytes: Annotated[int, Field(gt=0)] = 8 << 30
    max_steps: Annotated[int, Field(gt=0)] = 100_000


def load_policy(path: Path) -> LocalPolicy:
    """Read the policy file.

    Raises:
        SetupError: ``node-policy`` when it is missing or wrong: without rules of its own a node does nothing.
    """
    try:
        return LocalPolicy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SetupError("node-policy", f"{path}: {error}") from None


def check(manifest: JobManifest, policy: LocalPolicy) -> None:
    """Let the manifest pass, or refuse it.

    Raises:
        Refused: with the first reason: ``node-policy-purpose``, and likewise ``-dataset``, ``-seconds``,
            ``-memory``, ``-steps``.
    """
    if manifest.purpose not in policy.purposes:
        raise Refused("node-policy-purpose", f"this node does not work for {manifest.purpose}")
    for slug in (entry.dataset for entry in manifest.inputs):
        named = any(fnmatch.fnmatchcase(slug, pattern) for pattern in policy.datasets)
        barred = any(fnmatch.fnmatchcase(slug, pattern) for pattern in policy.forbidden_datasets)
        if barred or not named:
            raise Refused("node-policy-dataset", f"this node's policy does not allow dataset {slug!r}")
    if manifest.limits.seconds > policy.max_seconds:
        raise Refused("node-policy-seconds", f"more than {policy.max_seconds} s asked for")
    if manifest.limits.memory_bytes > policy.max_memory_bytes:
        raise Refused("node-policy-memory", f"more than {policy.max_memory_bytes} bytes of memory asked for")
    if manifest.training.steps > policy.max_steps:
        raise Refused("node-policy-steps", f"more than {policy.max_steps} steps asked for")
