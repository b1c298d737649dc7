"""The members' own part: what became of a build or a derivative that holds what was taken out."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from catalog.members.models import Role
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.text import plain_text
from training.rollbacks.discovering import discoverable
from training.rollbacks.models import Descendant, DescendantPlan
from training.rollbacks.record import record_rollback_event

OUTCOMES: Final = (DescendantPlan.RETRAINED, DescendantPlan.RETIRED, DescendantPlan.KEPT)


@transaction.atomic
def finish_descendant(actor: Actor, key: UUID, *, outcome: DescendantPlan, note: str) -> Descendant:
    """Note what the member responsible did, in one word and in a sentence.

    The note is for those who may know of the thing; the log says only that it is done.

    Raises:
        NotFound: no such task, or the actor may not discover what it is about.
        NotPermitted: ``not-responsible``. Conflict: ``task-done``.
        Invalid: ``outcome-unknown``, ``text-malformed``.
    """
    rows = Descendant.objects.select_related("rollback__family", "member").select_for_update(of=("self",))
    row = rows.filter(pk=key).first()
    if row is None or not discoverable(actor, [row]):
        raise NotFound("There is no such task.")
    if not may_finish(actor, row):
        raise NotPermitted(
            "A steward or maintainer of the member whose it is says what became of it.",
            code="not-responsible",
        )
    if row.plan != DescendantPlan.REVIEW:
        raise Conflict("Somebody was faster: nothing is left to do here.", code="task-done")
    if outcome not in OUTCOMES:
        message = f"One of {', '.join(OUTCOMES)}."
        raise Invalid(message, code="outcome-unknown", fields={"outcome": [message]})
    row.note = plain_text(note, field="note", longest=4000)
    row.plan, row.done_by, row.done_at = outcome, actor.label, timezone.now()
    row.save(update_fields=["note", "plan", "done_by", "done_at"])
    details = {"descendant": str(row.pk), "kind": row.kind, "outcome": str(outcome)}
    record_rollback_event(row.rollback, "rollback.descendant-done", actor=actor, details=details)
    return row


def may_finish(actor: Actor, row: Descendant) -> bool:
    """Tell whether the actor is a steward or maintainer of the member whose it is."""
    if row.member is None:
        return False
    slug = row.member.slug
    return actor.has_role(Role.STEWARD, member=slug) or actor.has_role(Role.MAINTAINER, member=slug)
