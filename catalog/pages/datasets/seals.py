"""What the owner's people read of a sealed version: the commitment, who sealed it, and how to prove it."""

import json
from dataclasses import dataclass
from datetime import datetime

from catalog.datasets.models import DatasetVersion
from catalog.datasets.naming import DIGITS
from catalog.datasets.record import SealedRecord
from catalog.tiers import Tier
from provenance.lineage.models import Statement


@dataclass(frozen=True, slots=True)
class ShownSeal:
    """``short`` names it in the node's commands; ``envelope`` is the signed statement as JSON text."""

    commitment: str
    node: str
    sealed_at: datetime
    envelope: str

    @property
    def short(self) -> str:
        """The digits by which the node lists it."""
        return self.commitment[:DIGITS]


def seal_of(version: DatasetVersion) -> ShownSeal | None:
    """Return the seal of a private version, in one query; None for any other."""
    if version.tier != Tier.PRIVATE:
        return None
    record = SealedRecord.model_validate(version.record)
    kept = Statement.objects.filter(digest=record.statement).first()
    envelope = json.dumps(kept.envelope, indent=2) if kept else ""
    return ShownSeal(record.commitment, record.node, record.sealed_at, envelope)
