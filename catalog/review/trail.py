"""What a step of a review leaves in the log: identifiers and no texts, for who may know of the proposal."""

from collections.abc import Sequence

from catalog.proposals.access import audience_of
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.events.models import Event
from provenance.events.services import Evidence, record_event


def leave_trail(
    actor: Actor, proposal: Proposal, action: str, reason_codes: Sequence[str] = (), **details: object
) -> Event:
    """Log one step, in the transaction of the change (INV-3); ``details`` are plain JSON."""
    return record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{proposal.pk}",
        reason_codes=reason_codes,
        audience=audience_of(proposal),
        evidence=Evidence(details={"revision": proposal.revision, **details}),
    )


def person(key: int) -> str:
    """Return the address under which people stand in events."""
    return f"person:{key}"
