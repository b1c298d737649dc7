"""How much of declared canaries the model gives away, before the update, without it and with it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalog.datasets.models import DatasetVersion
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint, Probe, ProbeKind
from training.contributions.models import Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """One measure of one node on the canaries of one version; None where that model was not probed.

    Exposure is in bits; membership is an area under the curve, 0.5 where one can only guess.
    """

    version: DatasetVersion
    kind: ProbeKind
    canaries: int
    node: str
    own_word: bool
    base: float | None
    without: float | None
    candidate: float | None

    @property
    def rise(self) -> float | None:
        """By how much it rose from the base to the candidate."""
        return None if self.base is None or self.candidate is None else self.candidate - self.base


def canaries_of(contribution: Contribution, without: Checkpoint | None, actor: Actor) -> list[Canaries]:
    """Return the probes on what it was trained on, as far as ``actor`` may discover it, in one query."""
    round_ = contribution.round
    wanted: Final[Mapping[int | None, str]] = {
        without.pk if without else None: "without",
        round_.base_id: "base",
        round_.candidate_id: "candidate",
    }
    rows = Probe.objects.filter(
        checkpoint__in=[key for key in wanted if key is not None],
        version__in=DatasetVersion.objects.visible_to(actor),
        version__uses__job=contribution.job_id,
    ).select_related("version__dataset", "job__node")
    found: dict[tuple[int, str, int], dict[str, Probe]] = defaultdict(dict)
    for row in rows.order_by("version", "kind", "pk"):
        found[row.version_id, row.kind, row.job.node_id][wanted[row.checkpoint_id]] = row
    return [_canaries(by, contribution.job.node_id) for by in found.values()]


def _canaries(by: Mapping[str, Probe], own: int) -> Canaries:
    any_of = next(iter(by.values()))
    values = {name: probe.value for name, probe in by.items()}
    return Canaries(
        version=any_of.version,
        kind=ProbeKind(any_of.kind),
        canaries=any_of.canaries,
        node=any_of.job.node.name,
        own_word=any_of.job.node_id == own,
        base=values.get("base"),
        without=values.get("without"),
        candidate=values.get("candidate"),
    )
