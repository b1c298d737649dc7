"""What stays of a withdrawn entry for everybody: that it was, whose it was, when and why it ended (DM:17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.interchange.disclosure import may_read_details
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Title, member and tier are the entry's; the versions keep their numbers, tiers, digests and times."""

    dataset: Dataset
    versions: Sequence[DatasetVersion]

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn."""
        return self.dataset.withdrawn_at

    @property
    def reason(self) -> str:
        """Why, in the steward's words."""
        return self.dataset.withdrawal_reason


def tombstone_for(actor: Actor, versions: Sequence[DatasetVersion]) -> Tombstone | None:
    """Return the tombstone where it is all that the policy lets ``actor`` read of a withdrawn entry.

    ``versions`` are those that the actor may discover, newest first and at least one, with entry and member.
    """
    newest = versions[0]
    withdrawn = newest.dataset.state == Dataset.State.WITHDRAWN
    return Tombstone(newest.dataset, versions) if withdrawn and not may_read_details(actor, newest) else None
