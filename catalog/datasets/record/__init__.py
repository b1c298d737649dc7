"""The record of an entry, part by part; of private data only the sealed one."""

from collections.abc import Mapping
from typing import Any

from catalog.datasets.record.entry import Contact, DatasetRecord
from catalog.datasets.record.rights import Residency, Rights
from catalog.datasets.record.sealed import SealedRecord
from catalog.tiers import Tier

__all__ = ["Contact", "DatasetRecord", "Residency", "Rights", "SealedRecord", "read_record"]


def read_record(record: Mapping[str, Any]) -> DatasetRecord | SealedRecord:
    """Read a complete record of either form.

    Raises:
        pydantic.ValidationError: something is missing or wrong.
    """
    form = SealedRecord if record.get("tier") == Tier.PRIVATE else DatasetRecord
    return form.model_validate(record)
