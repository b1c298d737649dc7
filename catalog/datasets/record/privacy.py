"""Whom the data concern, on what consent they rest, and what they were screened for."""

from typing import Literal

from pydantic import Field

from catalog.datasets.record.parts import LongText, Part

Screened = Literal["absent", "present", "removed", "unknown"]


class CommunityConsent(Part):
    """What a community agreed to: what of it, for what, whether weights are shared, how it is taken back."""

    what: LongText = Field(min_length=1)
    use: LongText = Field(min_length=1)
    weights_shared: bool
    revocation: LongText = Field(min_length=1)
