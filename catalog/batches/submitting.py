"""Handing in what came of a batch: each draft by the service of the form, with a word on each that stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from catalog.batches.models import Batch, Row
from catalog.batches.starting import lock_batch
from catalog.batches.states import ROW_MOVES, RowState
from catalog.batches.trail import log
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, submit_proposal
from provenance.actors import Actor
from provenance.errors import DomainError, Invalid
from provenance.states import swap_state

MOST_AT_ONCE: Final = 200
"""Rows of one call, so that it ends before whoever asked has given up; call again for the rest."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A row whose draft can not be handed in yet: the refusal's code, its messages by field, its page."""

    number: int
    code: str
    message: str
    fields: Mapping[str, list[str]]
    url: str


@dataclass(slots=True)
class HandedIn:
    """What one call did: numbers of rows that were submitted, those that are blocked, how many wait still."""

    submitted: list[int] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    left: int = 0


def submit_rows(
    *,
    actor: Actor,
    batch: Batch,
    numbers: Iterable[int] | None = None,
    affirmed: bool = False,
    after: int = 0,
) -> HandedIn:
    """Hand in the drafts of these rows, or of all; at most ``MOST_AT_ONCE``, from row ``after`` on.

    Each is a transaction of its own: one that is blocked keeps none of the others back.

    Raises:
        NotFound: there is no such batch for this actor.
        Invalid: code ``not-affirmed``, unless ``affirmed``: the rights are the member's to affirm.
    """
    if not affirmed:
        message = "Affirm that your member may share these data."
        raise Invalid(message, code="not-affirmed", requirement="DG:3", fields={"affirmed": [message]})
    with transaction.atomic():
        found = lock_batch(actor, batch)
    drafted = found.rows.filter(state=RowState.DRAFTED, proposal__isnull=False, number__gt=after)
    if numbers is not None:
        drafted = drafted.filter(number__in=list(numbers))
    keys = list(drafted.order_by("number").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    done = HandedIn()
    for key in keys[:MOST_AT_ONCE]:
        _submit_one(actor, key, done)
    done.left = drafted.count() - len(done.blocked)
    with transaction.atomic():
        log(actor, found, "batch.submitted", submitted=len(done.submitted), blocked=len(done.blocked))
    return done


def _submit_one(actor: Actor, key: int, done: HandedIn) -> None:
    try:
        with transaction.atomic():
            row = Row.objects.select_for_update().filter(pk=key, state=RowState.DRAFTED).first()
            if row is None or row.proposal_id is None:
                return  # another call was faster
            _submit(actor, Proposal.objects.get(pk=row.proposal_id))
            swap_state(row, to=RowState.SUBMITTED, table=ROW_MOVES)
    except DomainError as refused:
        row = Row.objects.select_related("proposal").get(pk=key)
        url = row.proposal.get_absolute_url() if row.proposal else row.get_absolute_url()
        done.blocked.append(Blocked(row.number, refused.code, refused.message, refused.fields, url))
    else:
        done.submitted.append(row.number)


def _submit(actor: Actor, draft: Proposal) -> None:
    if draft.submitted_at is not None and draft.state != "changes_requested":
        return  # handed in by its own page meanwhile
    if draft.record.get("affirmed") is not True:
        record = {**draft.record, "affirmed": True}
        draft = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    submit_proposal(actor=actor, proposal=draft)
