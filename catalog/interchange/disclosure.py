"""What of a version may be told to whom, decided by the policy and nowhere else (DG:1, FIELD.md §2)."""

from typing import Any, Final

from catalog.datasets.models import DatasetVersion
from catalog.policy import Operation, decide
from catalog.tiers import RULES, Metadata, Tier
from provenance.actors import Actor

DETAILS: Final = frozenset({"description", "origin", "consent", "contact", "residency"})


def may_read_details(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` reads more than the summary; no query when dataset and member are there."""
    return decide(actor=actor, operation=Operation.READ_DETAILS, version_or_facts=version).allowed


def may_read_manifest(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` sees paths and hashes of files: of a summarised tier only with the details."""
    summarised = RULES[Tier(version.tier)].metadata is Metadata.SUMMARY
    return not summarised or may_read_details(actor, version)


def readable_record(actor: Actor, version: DatasetVersion) -> dict[str, Any]:
    """Return the record without what ``actor`` may not read."""
    hidden = frozenset[str]() if may_read_details(actor, version) else DETAILS
    return {name: value for name, value in version.record.items() if name not in hidden}
