"""Mending single rows, or leaving them out."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.batches.duplicates import known_beside
from catalog.batches.models import Row
from catalog.batches.starting import lock_batch
from catalog.batches.states import ROW_MOVES, BatchState, RowState
from catalog.batches.table import MOST_CHARACTERS
from catalog.batches.trail import log
from catalog.batches.working import settle_row
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound
from provenance.states import swap_state
from provenance.text import plain_text

_REPAIRABLE = (RowState.FAULTY, RowState.WAITING)


@transaction.atomic
def repair_row(*, actor: Actor, row: Row, values: Mapping[str, str], keep_duplicate: bool = False) -> Row:
    """Take new texts for some cells and make a draft of the row, or say what is still wrong with it.

    A row that now says it is private keeps nothing (INV-1). ``keep_duplicate`` lets stand beside each other
    what looks like the same dataset.

    Raises:
        NotFound: there is no such row for this actor.
        Conflict: codes ``row-settled`` and ``columns-first``.
        Invalid: codes ``column-unknown`` and ``text-malformed``.
    """
    held = _lock_row(actor, row)
    _check_repairable(held)
    known = {column for column, _path in held.batch.columns}
    if strange := sorted(set(values) - known - set(held.values)):
        message = _("The table has no such column.")
        raise Invalid(message, code="column-unknown", fields={name: [message] for name in strange})
    cells = {name: plain_text(text, field=name, longest=MOST_CHARACTERS) for name, text in values.items()}
    held.values = {name: text for name, text in {**held.values, **cells}.items() if text}
    settled = settle_row(actor, held, known_beside(held.batch), looked_at=True, keep_duplicate=keep_duplicate)
    Row.objects.filter(pk=settled.pk).exclude(state=RowState.REFUSED).update(values=held.values)
    settled.refresh_from_db()
    log(actor, held.batch, "batch.row-repaired", row=held.number)
    return settled


@transaction.atomic
def skip_row(*, actor: Actor, row: Row) -> Row:
    """Leave a row out; nothing of it is lost.

    Raises:
        NotFound: there is no such row for this actor.
        Conflict: code ``row-settled``.
    """
    held = _lock_row(actor, row)
    _check_repairable(held)
    skipped = swap_state(held, to=RowState.SKIPPED, table=ROW_MOVES)
    log(actor, held.batch, "batch.row-left-out", row=held.number)
    return skipped


@transaction.atomic
def unskip_row(*, actor: Actor, row: Row) -> Row:
    """Take a row in again that was left out, and settle it at once.

    Raises:
        NotFound: there is no such row for this actor.
        Conflict: code ``state-changed``, when it was not left out.
    """
    held = _lock_row(actor, row)
    waiting = swap_state(held, to=RowState.WAITING, table=ROW_MOVES)
    log(actor, held.batch, "batch.row-taken-in", row=held.number)
    if held.batch.state != BatchState.READY:
        return waiting  # a worker, or the next one, comes to it
    return settle_row(actor, waiting, known_beside(held.batch))


def _lock_row(actor: Actor, row: Row) -> Row:
    batch = lock_batch(actor, row.batch)
    held = Row.objects.select_for_update().filter(pk=row.pk, batch=batch).first()
    if held is None:
        raise NotFound("There is no such row.")
    held.batch = batch
    return held


def _check_repairable(row: Row) -> None:
    if row.state not in _REPAIRABLE:
        raise Conflict(
            f"Row {row.number} is {row.get_state_display()} and is not repaired here.",
            code="row-settled",
            remedy="Edit its draft, or take it in again where it was left out.",
        )
    if row.batch.state == BatchState.MAPPING:
        raise Conflict(
            "The columns of this table are not told apart yet.",
            code="columns-first",
            remedy="Check what each column means; then the rows are read.",
        )
