"""All that the coordinator ever holds of private data: a salted commitment, signed by its node."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from catalog.datasets.record.parts import Part
from catalog.tiers import Tier


class SealedRecord(Part):
    """``commitment`` is the hex sha256 of ``provenance.signing.commitments``; ``node`` is a did:key."""

    tier: Literal[Tier.PRIVATE]
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    node: Annotated[str, Field(pattern=r"^did:key:z[1-9A-HJ-NP-Za-km-z]{1,300}$")]
    sealed_at: datetime
    statement: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    affirmed: Literal[True]
