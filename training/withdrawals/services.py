"""A withdrawal's work: what happens at once, what becomes a task, and who says that it is done (DM:17)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from catalog.datasets.models import Dataset
from catalog.members.models import Role
from provenance.actors import CONSORTIUM, COORDINATOR, PUBLIC, Actor
from provenance.errors import Conflict, NotFound, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.text import plain_text
from training.grants.revoking import revoke_grants_on
from training.jobs.endings import cancel_job
from training.withdrawals.models import TaskAction, WithdrawalTask
from training.withdrawals.reach import active_jobs, tasks_for

WITHDRAWN = "dataset-withdrawn"


def reach_out(*, dataset: Dataset, actor: Actor, **_signal: Any) -> None:
    """Stop what works on the entry and hand out the tasks; it runs in the withdrawal's own transaction.

    Jobs stop by default: those without a worker now, the others with their next heartbeat. Grants end.
    """
    tasks = tasks_for(dataset)
    WithdrawalTask.objects.bulk_create(tasks)
    for job in active_jobs(dataset):
        cancel_job(COORDINATOR, job, code=WITHDRAWN, cause=f"The dataset {dataset.slug} was withdrawn.")
    ended = revoke_grants_on(dataset, actor=actor, because=WITHDRAWN)
    record_event(
        actor=actor,
        action="withdrawal.assigned",
        subject=f"dataset:{dataset.slug}",
        audience=_audience(dataset),
        evidence=Evidence(details={"tasks": len(tasks), "grantsRevoked": ended}),
    )


def may_finish(actor: Actor, task: WithdrawalTask) -> bool:
    """Tell whether the actor is a steward or maintainer of the member responsible."""
    slug = task.member.slug
    return actor.has_role(Role.STEWARD, member=slug) or actor.has_role(Role.MAINTAINER, member=slug)


@transaction.atomic
def finish_task(actor: Actor, key: UUID, *, action: TaskAction, note: str) -> WithdrawalTask:
    """Note that the member responsible did its part, what it did, and in which words.

    The note stays in the report, for those who may read it; the event says only that it was done.

    Raises:
        NotFound: no such task, or the actor may not discover the entry.
        NotPermitted: ``not-responsible``. Conflict: ``task-done``. Invalid: the note is no plain text.
    """
    rows = WithdrawalTask.objects.select_related("dataset__member", "member")
    task = rows.select_for_update(of=("self",)).filter(pk=key).first()
    if task is None or not Dataset.objects.visible_to(actor).filter(pk=task.dataset_id).exists():
        raise NotFound("There is no such task.")
    if not may_finish(actor, task):
        raise NotPermitted(
            f"A steward or maintainer of {task.member.slug} says when this is done.",
            code="not-responsible",
            requirement="DM:17",
        )
    if task.done_at is not None:
        raise Conflict("Somebody was faster: this is done already.", code="task-done")
    task.note = plain_text(note, field="note", longest=4000)
    task.action, task.done_by, task.done_at = action, actor.label, timezone.now()
    task.save(update_fields=["note", "action", "done_by", "done_at"])
    record_event(
        actor=actor,
        action="withdrawal.task-done",
        subject=f"dataset:{task.dataset.slug}",
        audience=_audience(task.dataset),
        evidence=Evidence(details={"task": str(task.pk), "kind": task.kind, "action": str(action)}),
    )
    return task


def _audience(dataset: Dataset) -> str:
    return CONSORTIUM if dataset.audience == PUBLIC else dataset.audience
