"""What a decision may depend on, frozen and small, so that it can be repeated years later (DM:14)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from catalog.tiers import Stage, Tier

if TYPE_CHECKING:
    from catalog.datasets.models import DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A dataset version as the policy sees it.

    Attributes:
        digest: content address of the version.
        member: slug of the member it belongs to.
        withdrawn: whether the entry was withdrawn.
        stages: stages of training that the owner permits.
        model_training: whether the owner permits any training at all.
        processing: places where tiers other than open may be processed, such as ISO 3166-1 codes.
        updates_may_leave: whether a weight update may leave the residency boundary.
    """

    digest: str
    member: str
    tier: Tier
    withdrawn: bool = False
    stages: frozenset[Stage] = frozenset()
    model_training: bool = True
    processing: frozenset[str] = frozenset()
    updates_may_leave: bool = True

    @classmethod
    def of(cls, version: "DatasetVersion") -> Self:
        """Read the facts from a version; it costs no query when dataset and member are selected with it."""
        record: Mapping[str, Any] = version.record
        residency: Mapping[str, Any] = record.get("residency") or {}
        return cls(
            digest=version.digest,
            member=version.dataset.member.slug,
            tier=Tier(version.tier),
            withdrawn=version.dataset.state == version.dataset.State.WITHDRAWN,
            stages=frozenset(Stage(stage) for stage in record["permitted_stages"]),
            model_training=record["rights"]["model_training"],
            processing=frozenset(residency.get("processing", ())),
            updates_may_leave=residency.get("updates_may_leave", True),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the facts as they are kept with a recorded decision."""
        lists = {"stages": sorted(self.stages), "processing": sorted(self.processing)}
        return {**asdict(self), "tier": str(self.tier), **lists}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` wrote."""
        sets = {
            "tier": Tier(data["tier"]),
            "stages": frozenset(Stage(stage) for stage in data["stages"]),
            "processing": frozenset(data["processing"]),
        }
        return cls(**{**data, **sets})
