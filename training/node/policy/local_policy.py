"""The member's own rules for this node: they win over every manifest, whoever signed it (DM:15, SR-6)."""

import fnmatch
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from training.manifest import JobManifest
from training.node.errors import Refused
from training.node.policy.hours import read_window
from training.node.toml_files import checked, read_toml

Amount = Annotated[int, Field(ge=0)]
Reportable = Literal[
    "ran", "kind", "base", "state", "steps", "tokens", "seconds", "joules", "first_loss", "last_loss"
]


class Budget(BaseModel):
    """What may be used in one day or month; what is not named is not bounded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: Amount | None = None
    tokens: Amount | None = None
    joules: Amount | None = None
    bytes_out: Amount | None = None


class Budgets(BaseModel):
    """Both bounds; days and months begin at midnight in the policy's time zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Budget = Budget()
    month: Budget = Budget()


class LocalPolicy(BaseModel):
    """``policy.toml``: what this node does at all. What it does not name, it does not do.

    ``datasets`` are slugs or patterns such as ``open-*``. ``hours`` are windows such as ``22:00-06:00``,
    none means always. ``approval`` says for which purposes a person here agrees to each job. ``report`` names
    what the coordinator hears of private builds. ``keep_days`` is how long closed jobs stay on disk.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    purposes: frozenset[str]
    datasets: list[str]
    forbidden_datasets: list[str] = []
    hours: list[str] = []
    time_zone: str = "UTC"
    budget: Budgets = Budgets()
    minimum_quorum: Annotated[int, Field(ge=1)] = 1
    approval: Literal["never", "always"] | frozenset[str] = "never"
    max_seconds: Annotated[int, Field(gt=0)] = 3600
    max_memory_bytes: Annotated[int, Field(gt=0)] = 8 << 30
    max_steps: Annotated[int, Field(gt=0)] = 100_000
    report: list[Reportable] = []
    keep_days: Annotated[int, Field(ge=0, le=3650)] = 30

    @field_validator("hours")
    @classmethod
    def _windows(cls, hours: list[str]) -> list[str]:
        for window in hours:
            read_window(window)
        return hours

    @model_validator(mode="after")
    def _known_zone(self) -> Self:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"time_zone {self.time_zone!r} is none, such as 'America/Lima'") from None
        return self

    def asks_a_person(self, purpose: str) -> bool:
        """Whether somebody here has to agree to a job for this purpose."""
        return self.approval == "always" or (self.approval != "never" and purpose in self.approval)


def load_policy(path: Path) -> LocalPolicy:
    """Read the policy file.

    Raises:
        SetupError: ``node-policy`` when it is missing or wrong: without rules of its own a node does nothing.
    """
    code = "node-policy"
    return checked(LocalPolicy, read_toml(path, code=code), path, code=code)


def check(manifest: JobManifest, policy: LocalPolicy) -> None:
    """Let the manifest of a round pass, or refuse it.

    Raises:
        Refused: with the first reason: ``node-policy-purpose``, and likewise ``-dataset``, ``-quorum``,
            ``-seconds``, ``-memory``, ``-steps``, ``-budget``.
    """
    if manifest.purpose not in policy.purposes:
        raise Refused("node-policy-purpose", f"this node does not work for {manifest.purpose}")
    for slug in (entry.dataset for entry in manifest.inputs):
        if not _matches(slug, policy.datasets):
            raise Refused("node-policy-dataset", f"this node's policy does not allow dataset {slug!r}")
    if manifest.round and manifest.round.quorum < policy.minimum_quorum:
        told = f"a round of {manifest.round.quorum} is smaller than {policy.minimum_quorum}"
        raise Refused("node-policy-quorum", told)
    check_bounds(manifest, policy)


def check_bounds(manifest: JobManifest, policy: LocalPolicy) -> None:
    """Hold against the policy what also binds a build that the operator starts by hand.

    Raises:
        Refused: ``node-policy-dataset`` for a forbidden one, and ``-seconds``, ``-memory``, ``-steps``,
            ``-budget``.
    """
    for slug in (entry.dataset for entry in manifest.inputs):
        if _matches(slug, policy.forbidden_datasets):
            raise Refused("node-policy-dataset", f"this node's policy forbids dataset {slug!r}")
    if manifest.limits.seconds > policy.max_seconds:
        raise Refused("node-policy-seconds", f"more than {policy.max_seconds} s asked for")
    if manifest.limits.memory_bytes > policy.max_memory_bytes:
        raise Refused("node-policy-memory", f"more than {policy.max_memory_bytes} bytes of memory asked for")
    if manifest.training.steps > policy.max_steps:
        raise Refused("node-policy-steps", f"more than {policy.max_steps} steps asked for")
    for span in ("day", "month"):
        most = getattr(policy.budget, span).tokens
        if most is not None and tokens_of(manifest) > most:
            raise Refused("node-policy-budget", f"{tokens_of(manifest)} tokens never fit {most} a {span}")


def tokens_of(manifest: JobManifest) -> int:
    """Return how many tokens the job trains on; an evaluation's are not known before."""
    settings = manifest.training
    if not manifest.kind.trains:
        return 0
    return settings.steps * settings.batch_size * settings.accumulation * settings.sequence_length


def _matches(slug: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(slug, pattern) for pattern in patterns)
