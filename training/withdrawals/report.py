"""The report of a withdrawal, or of what one would reach, as far as its reader may know (DM:17, INV-6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.datasets.models import Dataset
from catalog.members.models import Role
from provenance.actors import Actor, ActorKind
from provenance.events.models import Event, Outcome
from provenance.lineage.models import Artifact
from training.grants.models import DataGrant
from training.grants.standing import live_grants
from training.withdrawals.models import TaskKind, WithdrawalTask
from training.withdrawals.reach import stored_here, tasks_for
from training.withdrawals.services import WITHDRAWN

TRACED = ("checkpoint", "contribution")


@dataclass(frozen=True, slots=True)
class Exports:
    """Downloads by people, as counts alone: how many, by how many different members, by nobody known."""

    downloads: int
    members: int
    anonymous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that the reader may know. Outsiders get the tombstone: ``detailed`` is false.

    ``stored_files`` and ``stored_bytes`` are what lies, closed, in the coordinator's store.
    """

    dataset: Dataset
    detailed: bool
    tasks: tuple[WithdrawalTask, ...] = ()
    grants: tuple[DataGrant, ...] = ()
    grants_revoked: int = 0
    stored_files: int = 0
    stored_bytes: int = 0
    exports: Exports = Exports(0, 0, 0)

    @property
    def is_preview(self) -> bool:
        """Whether nothing has been withdrawn yet."""
        return self.dataset.state != Dataset.State.WITHDRAWN

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn."""
        return self.dataset.withdrawn_at

    @property
    def done(self) -> int:
        """How many of the tasks are done."""
        return sum(task.done_at is not None for task in self.tasks)

    def of_kind(self, kind: TaskKind) -> list[WithdrawalTask]:
        """Return the tasks about one kind of thing."""
        return [task for task in self.tasks if task.kind == kind]


def report_for(actor: Actor, dataset: Dataset) -> Report:
    """Return the report of an entry that the actor may discover; ``dataset`` has its member selected.

    Its owner's people and all maintainers see what they may discover of it; a member that has something to do
    sees its own tasks; everybody else sees the tombstone.
    """
    tasks = _tasks_of(dataset)
    if not _is_insider(actor, dataset):
        mine = tuple(task for task in tasks if task.member.slug in actor.members)
        return Report(dataset=dataset, detailed=False, tasks=tuple(_visible(mine, actor)))
    files, size = stored_here(dataset)
    grants = DataGrant.objects.filter(version__dataset=dataset)
    live = live_grants().filter(version__dataset=dataset)
    return Report(
        dataset=dataset,
        detailed=True,
        tasks=tuple(_visible(tasks, actor)),
        grants=tuple(live.select_related("node__member", "version__dataset__member")),
        grants_revoked=grants.filter(revoked_because=WITHDRAWN).count(),
        stored_files=files,
        stored_bytes=size,
        exports=_exports(dataset),
    )


def _is_insider(actor: Actor, dataset: Dataset) -> bool:
    people = actor.kind is ActorKind.PERSON
    return people and (dataset.member.slug in actor.members or actor.has_role(Role.MAINTAINER))


def _tasks_of(dataset: Dataset) -> list[WithdrawalTask]:
    if dataset.state != Dataset.State.WITHDRAWN:
        return tasks_for(dataset)
    return list(dataset.withdrawal_tasks.select_related("member", "dataset__member"))


def _visible(tasks: Iterable[WithdrawalTask], actor: Actor) -> list[WithdrawalTask]:
    """Keep the tasks about things that the actor may discover, in two queries."""
    kept = list(tasks)
    named: dict[str, set[str]] = {}
    for task in kept:
        noun, _colon, key = task.subject.partition(":")
        named.setdefault(noun, set()).add(key)
    slugs = set(
        Dataset.objects.visible_to(actor)
        .filter(slug__in=named.get("dataset", ()))
        .values_list("slug", flat=True)
    )
    digests = {key for noun in TRACED for key in named.get(noun, ())}
    traced = Artifact.objects.visible_to(actor.audiences).filter(digest__in=digests)
    reached = set(traced.values_list("digest", flat=True))
    known = {"dataset": slugs, "checkpoint": reached, "contribution": reached}
    return [task for task in kept if _knows(known, task)]


def _knows(known: dict[str, set[Any]], task: WithdrawalTask) -> bool:
    noun, _colon, key = task.subject.partition(":")
    return noun not in known or key in known[noun]


def _exports(dataset: Dataset) -> Exports:
    digests = dataset.versions.values("digest")
    rows = Event.objects.filter(action="access.download", outcome=Outcome.ALLOWED, artifact__in=digests)
    members = list(rows.order_by().values_list("member", flat=True))
    return Exports(len(members), len({slug for slug in members if slug}), members.count(""))
