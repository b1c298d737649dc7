"""What the log tells of a batch: to its member alone, in numbers and never in words of its rows."""

from catalog.batches.models import Batch
from provenance.actors import Actor, member_audience
from provenance.events.services import Evidence, record_event


def log(actor: Actor, batch: Batch, action: str, **details: int) -> None:
    """Record an event about a batch, in the transaction of its change."""
    record_event(
        actor=actor,
        action=action,
        subject=f"batch:{batch.pk}",
        audience=member_audience(batch.member.slug),
        evidence=Evidence(details=details),
    )
