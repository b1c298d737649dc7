"""What the log says of motions. Outcomes and ballots are public, so that anyone can verify who governs."""

from typing import Any, Final

from catalog.governance.models import Motion
from provenance.actors import Actor
from provenance.events.services import Evidence, record_event

FORGOTTEN: Final = frozenset({"maintainer"})  # a person's name and address: the log is for ever


def public_change(motion: Motion) -> dict[str, Any]:
    """Return the change without what tells of a person by more than an identifier."""
    return {name: value for name, value in motion.change.items() if name not in FORGOTTEN}


def leave_trail(actor: Actor, motion: Motion, action: str, **details: Any) -> None:
    """Append one event about a motion, in the transaction of its change (INV-3)."""
    record_event(
        actor=actor,
        action=action,
        subject=f"motion:{motion.pk}",
        evidence=Evidence(details={"kind": motion.kind, "about": motion.about, **details}),
    )
