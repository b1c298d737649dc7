"""Going through the rows of a batch: each in a transaction of its own, so that a death doubles none.

The state of a row changes in the transaction that makes its draft. Whoever comes next, after a crash or
beside a worker that still lives, finds the rows that wait and skips those that somebody holds.
"""

import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.batches.describing import Described, describe
from catalog.batches.duplicates import Known, known_beside
from catalog.batches.faults import OF_THE_TABLE, Fault, faults_of
from catalog.batches.models import Batch, Row
from catalog.batches.privacy import says_private
from catalog.batches.states import BATCH_MOVES, ROW_MOVES, BatchState, RowState
from catalog.batches.trail import log
from catalog.members.actors import actor_of
from catalog.proposals.access import require_steward
from catalog.proposals.services import start_proposal
from provenance.actors import Actor
from provenance.errors import DomainError, NotPermitted
from provenance.states import swap_state

SILENT: Final = timedelta(seconds=60)  # without a sign of life from a worker
_ROWS_A_BREATH: Final = 50  # between two signs of life


def run_batch(batch_id: uuid.UUID | str) -> None:
    """Work through the rows that wait; come as often as you like (INV-8)."""
    batch = Batch.objects.select_related("member", "created_by").filter(pk=batch_id).first()
    if batch is None or batch.state != BatchState.WORKING:
        return
    actor = actor_of(batch.created_by)
    try:
        require_steward(actor, batch.member)
    except NotPermitted:
        _hand_back(batch)
        return
    known = known_beside(batch)
    while numbers := _waiting(batch):
        if not sum(_work_one(actor, batch, number, known) for number in numbers):
            return  # another worker holds all that is left, and ends the batch
        Batch.objects.filter(pk=batch.pk).update(touched_at=timezone.now())
    _finish(actor, batch)


def resume_silent() -> list[str]:
    """Return the batches whose worker or message died, each once a minute."""
    with transaction.atomic():
        silent = Batch.objects.select_for_update(skip_locked=True).filter(
            state=BatchState.WORKING, touched_at__lt=timezone.now() - SILENT
        )
        ids = list(silent.values_list("pk", flat=True))
        Batch.objects.filter(pk__in=ids).update(touched_at=timezone.now())
    return [str(pk) for pk in ids]


def settle_row(
    actor: Actor, row: Row, known: Known, *, looked_at: bool = False, keep_duplicate: bool = False
) -> Row:
    """Make a draft of a row that the caller holds locked, or say what is wrong with it.

    ``looked_at`` tells that a person saw its cells, so that what the table's form left in doubt is settled.
    """
    if says_private(row.batch.columns, row.values):
        return swap_state(row, to=RowState.REFUSED, table=ROW_MOVES, values={}, faults=[])
    described = describe(row.batch.columns, row.batch.constants, row.values)
    before = [] if looked_at else [each for each in faults_of(row.faults) if each.code in OF_THE_TABLE]
    faults = [*before, *described.faults]
    if not keep_duplicate and (twin := known.fault(row.number, described)):
        faults.append(twin)
    return _keep_faults(row, faults) if faults else _draft(actor, row, described)


def _waiting(batch: Batch) -> list[int]:
    waiting = batch.rows.filter(state=RowState.WAITING).order_by("number")
    return list(waiting.values_list("number", flat=True)[:_ROWS_A_BREATH])


@transaction.atomic
def _work_one(actor: Actor, batch: Batch, number: int, known: Known) -> bool:
    """Settle one row; return whether it was ours to settle."""
    free = Row.objects.select_for_update(skip_locked=True).filter(state=RowState.WAITING)
    row = free.filter(batch=batch, number=number).first()
    if row is None:
        return False
    row.batch = batch
    settle_row(actor, row, known)
    return True


def _draft(actor: Actor, row: Row, described: Described) -> Row:
    try:
        with transaction.atomic():
            proposal = start_proposal(actor=actor, member=row.batch.member, record=described.record)
    except DomainError as refused:
        return _keep_faults(row, [Fault(code="draft-refused", told={"reason": refused.message})])
    return swap_state(row, to=RowState.DRAFTED, table=ROW_MOVES, proposal=proposal, faults=[])


def _keep_faults(row: Row, faults: list[Fault]) -> Row:
    stored = [fault.stored() for fault in faults]
    if row.state == RowState.FAULTY:
        Row.objects.filter(pk=row.pk).update(faults=stored, values=row.values)
        row.refresh_from_db()
        return row
    return swap_state(row, to=RowState.FAULTY, table=ROW_MOVES, faults=stored, values=row.values)


@transaction.atomic
def _finish(actor: Actor, batch: Batch) -> None:
    found = Batch.objects.select_for_update().select_related("member").get(pk=batch.pk)
    if found.state != BatchState.WORKING or found.rows.filter(state=RowState.WAITING).exists():
        return  # somebody was faster, or still holds a row
    swap_state(found, to=BatchState.READY, table=BATCH_MOVES)
    numbers = {state: found.rows.filter(state=state).count() for state in (RowState.DRAFTED, RowState.FAULTY)}
    log(
        actor,
        found,
        "batch.worked-through",
        drafts=numbers[RowState.DRAFTED],
        faulty=numbers[RowState.FAULTY],
    )


@transaction.atomic
def _hand_back(batch: Batch) -> None:
    """Let another steward look at the columns and go on: who handed it in may make no drafts any more."""
    swap_state(batch, to=BatchState.MAPPING, table=BATCH_MOVES)
