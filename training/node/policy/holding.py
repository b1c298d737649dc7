"""When a job that the policy allows still has to wait here, and for what."""

import shutil
from datetime import UTC, datetime
from typing import Final

from training.manifest import Access, JobManifest, Weights
from training.node.errors import Held, Refused
from training.node.home import NodeHome
from training.node.jobs.journal import Journal, Step
from training.node.policy.approvals import is_approved, said_about
from training.node.policy.budgets import Ledger, used_up
from training.node.policy.hours import is_within
from training.node.policy.local_policy import LocalPolicy, tokens_of

HEADROOM: Final = 256 << 20
"""Bytes of the disk that are left alone."""
COPIES: Final = 9
"""Of the base while a job trains: two checkpoints of weights and two moments, the update, its encoding."""


def check_word(journal: Journal, policy: LocalPolicy) -> None:
    """Hold the job until a person here has agreed, where the policy asks for one, or while it is paused.

    Raises:
        Held: ``awaiting-local-approval``, ``paused-here``. Refused: ``declined-here``.
    """
    said = said_about(journal.folder)
    if said.agreed == "declined":
        raise Refused("declined-here", said.reason or "a person at this node declined the job")
    if said.paused:
        raise Held("paused-here", said.reason or "a person at this node paused the job")
    if policy.asks_a_person(journal.manifest.purpose) and not is_approved(journal):
        told = f"this member agrees to each {journal.manifest.purpose} job by hand"
        raise Held("awaiting-local-approval", told)


def check_times(home: NodeHome, policy: LocalPolicy) -> None:
    """Hold work while it is outside the member's hours or a budget is used up.

    Raises:
        Held: ``outside-hours``, ``budget-used-up``.
    """
    now = datetime.now(UTC)
    if not is_within(policy.hours, now, policy.time_zone):
        told = f"this node works {', '.join(policy.hours)} ({policy.time_zone})"
        raise Held("outside-hours", told)
    if reason := used_up(Ledger(home.folder), policy, now=now):
        raise Held("budget-used-up", reason)


def check_room(home: NodeHome, journal: Journal, policy: LocalPolicy) -> None:
    """Hold a job that would not fit into what is left of the budgets or of the disk.

    Raises:
        Held: ``budget-used-up``, ``disk-full``.
    """
    manifest, now = journal.manifest, datetime.now(UTC)
    asked = {"tokens": tokens_of(manifest), "bytes_out": _bytes_out(manifest)}
    if journal.step.rank < Step.TRAINING.rank and (
        reason := used_up(Ledger(home.folder), policy, now=now, **asked)
    ):
        raise Held("budget-used-up", reason)
    check_disk(home, needed=bytes_needed(home, manifest) if journal.step.rank < Step.TRAINING.rank else 0)


def check_disk(home: NodeHome, *, needed: int = 0) -> None:
    """Hold work for which the disk has no room.

    Raises:
        Held: ``disk-full``.
    """
    free = shutil.disk_usage(home.folder).free
    if free < needed + HEADROOM:
        told = f"{free:,} bytes are free, {needed + HEADROOM:,} are needed at {home.folder}"
        raise Held("disk-full", told)


def bytes_needed(home: NodeHome, manifest: JobManifest) -> int:
    """Return what fetching and computing add to the disk: files that are not here yet, and copies."""
    models: list[Weights] = [manifest.base, *manifest.candidates]
    if manifest.teacher is not None:
        models.append(manifest.teacher.weights)
    files = [(model.sha256, model.bytes) for model in models]
    files += [
        (file.sha256, file.bytes)
        for entry in manifest.inputs
        for file in entry.files
        if file.access is not Access.LOCAL
    ]
    absent = sum(size for sha256, size in files if not (home.cache / sha256).exists())
    return absent + (COPIES * manifest.base.bytes if manifest.kind.trains else 0)


def _bytes_out(manifest: JobManifest) -> int:
    """The most that goes out: float32 at worst, the others less."""
    return manifest.base.bytes if manifest.kind.trains and manifest.round else 0
