"""What a decision may depend on, frozen and small, so that it can be repeated years later (DM:14)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from catalog.proposals.states import AcceptedFor
from catalog.tiers import RULES, Metadata, Stage, Tier

if TYPE_CHECKING:
    from catalog.datasets.models import DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A dataset version as the policy sees it.

    Attributes:
        digest: content address of the version.
        member: slug of the member it belongs to.
        dataset: slug of its entry.
        withdrawn: whether the entry was withdrawn.
        entry_sealed: whether the entry is private now, whatever this version was published under.
        stages: stages of training that the owner permits.
        model_training: whether the owner permits training; false as well where it did not answer.
        terms_unknown: whether the owner's answer about training is ``unknown``.
        processing: places where tiers other than open may be processed, such as ISO 3166-1 codes.
        updates_may_leave: whether a weight update may leave the residency boundary.
        embargo_until: the day (UTC) from which others than the owner may have the data.
        accepted_for: how far the consortium accepted the version; None where nobody judged it, as of private
            ones. What was recorded before there were kinds had been accepted for everything.
    """

    digest: str
    member: str
    tier: Tier
    dataset: str = ""
    withdrawn: bool = False
    entry_sealed: bool = False
    stages: frozenset[Stage] = frozenset()
    model_training: bool = True
    terms_unknown: bool = False
    processing: frozenset[str] = frozenset()
    updates_may_leave: bool = True
    embargo_until: date | None = None
    accepted_for: AcceptedFor | None = AcceptedFor.TRAINING

    @classmethod
    def of(cls, version: "DatasetVersion") -> Self:
        """Read the facts from a version; it costs no query when dataset and member are selected with it.

        Sealed records say nothing of rights, stages and residency, so they permit nothing to others.
        """
        record: Mapping[str, Any] = version.record
        residency: Mapping[str, Any] = record.get("residency") or {}
        training = record.get("rights", {}).get("model_training", False)
        embargo = record.get("embargo_until")
        return cls(
            digest=version.digest,
            member=version.dataset.member.slug,
            dataset=version.dataset.slug,
            tier=Tier(version.tier),
            withdrawn=version.dataset.state == version.dataset.State.WITHDRAWN,
            entry_sealed=RULES[Tier(version.dataset.tier)].metadata is Metadata.SEALED,
            stages=frozenset(Stage(stage) for stage in record.get("permitted_stages", ())),
            model_training=training is True,
            terms_unknown=training == "unknown",
            processing=frozenset(residency.get("processing", ())),
            updates_may_leave=residency.get("updates_may_leave", True),
            embargo_until=date.fromisoformat(embargo) if embargo else None,
            accepted_for=AcceptedFor(version.accepted_for) if version.accepted_for else None,
        )

    def is_accepted_for(self, purpose: AcceptedFor) -> bool:
        """Tell whether the consortium accepted the version for this much."""
        widths = list(AcceptedFor)
        return self.accepted_for is not None and widths.index(self.accepted_for) >= widths.index(purpose)

    def as_json(self) -> dict[str, Any]:
        """Return the facts as they are kept with a recorded decision."""
        lists = {"stages": sorted(self.stages), "processing": sorted(self.processing)}
        embargo = self.embargo_until.isoformat() if self.embargo_until else None
        accepted = str(self.accepted_for) if self.accepted_for else None
        words = {"tier": str(self.tier), "embargo_until": embargo, "accepted_for": accepted}
        return {**asdict(self), **words, **lists}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` wrote, in this version of the program or an earlier one."""
        embargo, accepted = data.get("embargo_until"), data.get("accepted_for", AcceptedFor.TRAINING)
        typed = {
            "tier": Tier(data["tier"]),
            "stages": frozenset(Stage(stage) for stage in data["stages"]),
            "processing": frozenset(data["processing"]),
            "embargo_until": date.fromisoformat(embargo) if embargo else None,
            "accepted_for": AcceptedFor(accepted) if accepted else None,
        }
        return cls(**{**data, **typed})
