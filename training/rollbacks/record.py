"""What the log says of a rollback."""

from collections.abc import Mapping, Sequence
from typing import Any

from provenance.actors import COORDINATOR, Actor
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from training.rollbacks.models import Rollback


def record_rollback_event(
    rollback: Rollback,
    action: str,
    *,
    actor: Actor = COORDINATOR,
    outcome: Outcome = Outcome.DONE,
    reason_codes: Sequence[str] = (),
    parents: Sequence[str] = (),
    outputs: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one public event about a rollback, in the transaction of the change (INV-3)."""
    record_event(
        actor=actor,
        action=action,
        subject=f"rollback:{rollback.pk}",
        outcome=outcome,
        reason_codes=reason_codes,
        evidence=Evidence(
            parents=parents,
            outputs=outputs,
            details={"family": rollback.family.slug, "level": int(rollback.level), **(details or {})},
        ),
    )
