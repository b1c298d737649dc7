"""State machines: one table of transitions, moved by compare-and-swap, guarded by a database trigger."""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

import pgtrigger
from django.db import models

from provenance.errors import Conflict

Transitions: TypeAlias = Mapping[str, tuple[str, ...]]
M = TypeVar("M", bound=models.Model)


def guard(name: str, table: Transitions, *, field: str = "state") -> pgtrigger.FSM:
    """Return the trigger that refuses every move that ``table`` does not list, raw SQL included."""
    moves = [(source, target) for source, targets in table.items() for target in targets]
    return pgtrigger.FSM(name=name, field=field, transitions=moves)


def append_only(name: str) -> pgtrigger.Protect:
    """Return the trigger that refuses UPDATE and DELETE (INV-3)."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def unchanging(name: str) -> pgtrigger.Protect:
    """Return the trigger that refuses UPDATE alone: for what may be forgotten as a whole, never altered."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update)


def swap_state(
    row: M, *, to: str, table: Transitions, expected: tuple[str, ...] | None = None, **changes: Any
) -> M:
    """Move ``row`` to state ``to`` if, and only if, it still stands where it may leave from.

    One ``UPDATE … WHERE state IN (…)``; one row must have changed. Returns the row with its new values.

    Raises:
        Conflict: code ``state-changed``, when another actor was faster or the move is not in the table.
    """
    sources = expected or tuple(source for source, targets in table.items() if to in targets)
    manager = type(row)._default_manager  # noqa: SLF001 - the documented way to a model's manager
    if not manager.filter(pk=row.pk, state__in=sources).update(state=to, **changes):
        raise Conflict(
            f"This {row._meta.verbose_name} can not become {to!r} from where it stands now.",  # noqa: SLF001 - public in Django
            code="state-changed",
            remedy="Load it again: somebody else may have moved it.",
        )
    row.refresh_from_db()
    return row
