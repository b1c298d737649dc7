"""What a step of a review leaves in the log: public, by identifiers and codes, without the words."""

from collections.abc import Sequence

from provenance.actors import Actor
from provenance.events.services import Evidence, record_event
from training.contributions.models import Contribution


def leave_trail(
    actor: Actor,
    contribution: Contribution,
    action: str,
    codes: Sequence[str] = (),
    *,
    approval: str = "",
    **details: object,
) -> None:
    """Log one step, in the transaction of the change (INV-3); ``details`` are plain JSON."""
    record_event(
        actor=actor,
        action=action,
        subject=f"contribution:{contribution.digest}",
        reason_codes=codes,
        evidence=Evidence(
            artifact=contribution.digest,
            job=contribution.job_id,
            approval=approval,
            details={"turn": contribution.turn, **details},
        ),
    )
