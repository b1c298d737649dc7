"""Handing a table in, saying what its columns mean, and letting go of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.batches.converting import read_cell
from catalog.batches.describing import TEXT_LANGUAGE
from catalog.batches.faults import Fault, Unreadable
from catalog.batches.fields import field_of
from catalog.batches.mapping import check_columns, guess_columns
from catalog.batches.models import Batch, Row
from catalog.batches.privacy import says_private
from catalog.batches.states import BATCH_MOVES, BatchState, RowState
from catalog.batches.table import Cells, Table
from catalog.batches.trail import log
from catalog.datasets.vocabulary import check_language
from catalog.members.models import Member
from catalog.proposals.access import require_steward
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import Invalid, NotFound
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST_NAME: Final = 200
_AT_ONCE: Final = 500
_PRIVATE: Final = "Private data are not described here: seal them on your node, and propose each seal."


@transaction.atomic
def start_batch(*, actor: Actor, member: Member, name: str, table: Table) -> Batch:
    """Keep a table's rows, the meaning of its columns guessed. No draft is made yet.

    Of rows that say they are private nothing is kept but their number (INV-1).

    Raises:
        NotPermitted: code ``not-a-steward``.
        Invalid: code ``text-malformed``, for the name.
    """
    require_steward(actor, member)
    columns = guess_columns(table.columns)
    rows = [_row(cells, columns) for cells in table.rows]
    batch = Batch.objects.create(
        member=member,
        created_by_id=actor.key,
        name=plain_text(name or _("table"), field="name", longest=LONGEST_NAME),
        format=table.format,
        columns=columns,
        sha256=_digest(columns, rows),
    )
    for row in rows:
        row.batch = batch
    Row.objects.bulk_create(rows, batch_size=_AT_ONCE)
    log(actor, batch, "batch.started", rows=len(rows))
    return batch


@transaction.atomic
def set_columns(
    *, actor: Actor, batch: Batch, columns: Mapping[str, str], constants: Mapping[str, str] | None = None
) -> Batch:
    """Say which column fills which path, and what holds for all rows; then the work on the rows begins.

    A path of "" leaves a column out. Rows that are drafts already stay as they are; the others are read anew.

    Raises:
        NotFound: there is no such batch for this actor.
        Invalid: the codes of ``check_columns``, and ``constant-unreadable``.
        Conflict: code ``state-changed``, while a worker is at it.
    """
    from catalog.batches.tasks import work_through

    found = lock_batch(actor, batch)
    chosen = check_columns([column for column, _path in found.columns], columns)
    kept = _check_constants(constants or {})
    _refuse_private(found, chosen)
    found.rows.filter(state=RowState.FAULTY).update(state=RowState.WAITING)
    moved = swap_state(
        found,
        to=BatchState.WORKING,
        table=BATCH_MOVES,
        expected=(BatchState.MAPPING, BatchState.READY),
        columns=chosen,
        constants=kept,
        touched_at=timezone.now(),
    )
    log(actor, moved, "batch.columns-set")
    work_through.delay(str(moved.pk))
    return moved


@transaction.atomic
def forget_batch(*, actor: Actor, batch: Batch) -> None:
    """Forget a table with all its rows. Drafts that came of it stay.

    Raises:
        NotFound: there is no such batch for this actor.
    """
    found = lock_batch(actor, batch)
    log(actor, found, "batch.forgotten")
    found.delete()


def lock_batch(actor: Actor, batch: Batch) -> Batch:
    """Return the batch as it stands now, its row locked until the transaction ends.

    Raises:
        NotFound: there is no such batch for this actor, who has to be a steward of its member.
    """
    visible = Batch.objects.visible_to(actor).select_related("member")
    found = visible.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if found is None:
        raise NotFound("There is no such batch.")
    require_steward(actor, found.member)
    return found


def _row(cells: Cells, columns: list[tuple[str, str]]) -> Row:
    if says_private(columns, cells.values):
        return Row(number=cells.number, state=RowState.REFUSED)
    faults = [Fault(code="ragged-row").stored()] if cells.ragged else []
    return Row(number=cells.number, values=cells.values, faults=faults)


def _refuse_private(batch: Batch, columns: list[tuple[str, str]]) -> None:
    """Forget the rows that say they are private, now that it is known which column tells it."""
    undrafted = batch.rows.filter(state__in=[RowState.WAITING, RowState.FAULTY]).only("pk", "values")
    private = [row.pk for row in undrafted.iterator(_AT_ONCE) if says_private(columns, row.values)]
    batch.rows.filter(pk__in=private).update(state=RowState.REFUSED, values={}, faults=[])


def _check_constants(constants: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, list[str]] = {}
    for path, text in constants.items():
        try:
            _check_constant(path, text)
        except Unreadable as unreadable:
            fault = unreadable.at(field=path, column="")
            wrong[path] = [f"{fault.message} {fault.remedy}"]
        except ValueError as error:
            wrong[path] = [str(error)]
    if wrong:
        raise Invalid(
            _("Some of what holds for all rows can not be read."), code="constant-unreadable", fields=wrong
        )
    return {path: text.strip() for path, text in constants.items() if text.strip()}


def _check_constant(path: str, text: str) -> None:
    if path == TEXT_LANGUAGE:
        if text.strip():
            check_language(text.strip())
        return
    field = field_of(path)
    if field is None:
        raise ValueError(_("A record has no such field."))
    if text.strip() and read_cell(field, plain_text(text, field=path, longest=4000)) == Tier.PRIVATE:
        raise ValueError(_(_PRIVATE))


def _digest(columns: list[tuple[str, str]], rows: list[Row]) -> str:
    """Return the sha256 of what is kept: one of the whole file would be a digest of its private rows too."""
    kept: list[Any] = [columns, *([row.number, row.values] for row in rows)]
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
