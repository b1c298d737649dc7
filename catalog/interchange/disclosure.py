"""What of a version may be told to whom, decided by the policy and nowhere else (DG:1, FIELD.md §2)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from catalog.datasets.models import DatasetVersion
from catalog.policy import Operation, Reason, decide
from provenance.actors import Actor

if TYPE_CHECKING:
    from catalog.proposals.models import Proposal

# Allow lists: a field that nobody thought of is a detail.
SUMMARY: Final = frozenset(
    {
        *("title", "summary", "artifact_type", "modality", "themes", "keywords"),
        *("languages", "shares", "represents", "regions", "temporal", "size"),
        *("tier", "licence", "rights", "permitted_stages", "prohibited_uses", "embargo_until"),
        *("personal_data", "sources"),
    }
)
TOMBSTONE: Final = frozenset({"title", "tier"})

Pinned = tuple[str, int]


def may_read_details(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` reads more than the summary; no query when dataset and member are there."""
    return _allows(actor, version, Operation.READ_DETAILS)


def may_read_manifest(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` sees paths and hashes of files: of a summarised tier only with the details."""
    return _allows(actor, version, Operation.READ_MANIFEST)


def may_read_facts(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` sees what was computed from the data; no row of them is among it."""
    return _allows(actor, version, Operation.READ_FACTS)


def may_preview(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether ``actor`` sees some rows: of open data, once their embargo is over."""
    return _allows(actor, version, Operation.PREVIEW)


def readable_record(
    actor: Actor, version: DatasetVersion, *, known: frozenset[Pinned] | None = None
) -> dict[str, Any]:
    """Return the record without what ``actor`` may not read; nothing of what it may not discover.

    A withdrawn version's record is a tombstone to all but the owner's people. Sources name other entries:
    those that the actor may not discover are left out (INV-6), which costs one query where there are any;
    who reads many records gives ``known``, from ``discoverable_sources``.
    """
    reasons = decide(actor=actor, operation=Operation.READ_DETAILS, version_or_facts=version).reason_codes
    record = _allowed_part(version.record, reasons)
    if record.get("sources"):
        known = discoverable_sources(actor, [version]) if known is None else known
        record["sources"] = [source for source in record["sources"] if _pinned(source) in known]
    return record


def is_withheld(actor: Actor, proposal: "Proposal") -> bool:
    """Tell whether the proposal's entry is withdrawn: then only its member reads what it said (DM:17)."""
    dataset = proposal.dataset
    withdrawn = dataset is not None and dataset.state == dataset.State.WITHDRAWN
    return withdrawn and proposal.member.slug not in actor.members


def readable_proposal(actor: Actor, proposal: "Proposal") -> dict[str, Any]:
    """Return a proposal's record as far as ``actor``, who may know of the proposal, may read it (DM:17)."""
    shown = TOMBSTONE if is_withheld(actor, proposal) else proposal.record.keys()
    return {name: value for name, value in proposal.record.items() if name in shown}


def discoverable_sources(actor: Actor, versions: Iterable[DatasetVersion]) -> frozenset[Pinned]:
    """Return which of the sources of ``versions`` the actor may discover, as (slug, number); one query."""
    named = {_pinned(source) for version in versions for source in version.record.get("sources") or ()}
    if not named:
        return frozenset()
    visible = DatasetVersion.objects.visible_to(actor).filter(dataset__slug__in={slug for slug, _ in named})
    return frozenset(visible.values_list("dataset__slug", "number")) & named


def _allows(actor: Actor, version: DatasetVersion, operation: Operation) -> bool:
    return decide(actor=actor, operation=operation, version_or_facts=version).allowed


def _allowed_part(record: Mapping[str, Any], reasons: tuple[str, ...]) -> dict[str, Any]:
    if not reasons:
        return dict(record)
    if Reason.NOT_DISCOVERABLE in reasons:
        return {}
    shown = TOMBSTONE if Reason.VERSION_WITHDRAWN in reasons else SUMMARY
    return {name: value for name, value in record.items() if name in shown}


def _pinned(source: Mapping[str, Any]) -> Pinned:
    return source["dataset"], source["version"]
