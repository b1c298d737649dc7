"""An update beside the others of its round, as the coordinator measured it while it merged the candidate."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from provenance.lineage.models import Statement
from provenance.signing.statements import PREDICATE_MERGE
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another update of the candidate: by which node, how long, and the cosine of the angle between both."""

    contribution: Contribution
    norm: float
    cosine: float

    @property
    def mark(self) -> int:
        """Where the cosine stands on a line of 200 units, from -1 to 1."""
        return 100 + round(100 * self.cosine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Figures of the candidate's signed merge report; norms are Euclidean.

    ``coefficient`` is its share in the merge, None under a rule that has none. ``sign_agreement`` is the
    share of the values whose sign is that of the merge, ``retained`` its dot product with the merge over its
    squared norm.
    """

    norm: float
    neighbours: tuple[Neighbour, ...]
    coefficient: float | None
    sign_agreement: float | None
    retained: float | None

    @property
    def median_norm(self) -> float | None:
        """The median norm of the others; None where there is no other."""
        return median(each.norm for each in self.neighbours) if self.neighbours else None

    @property
    def norm_ratio(self) -> float | None:
        """Its norm over the median of the others; None where there is none, or where that is zero."""
        middle = self.median_norm
        return self.norm / middle if middle else None

    @property
    def mean_cosine(self) -> float | None:
        """The mean cosine to the others; None where there is no other."""
        return fmean(each.cosine for each in self.neighbours) if self.neighbours else None


def beside_others(candidate: Checkpoint | None, contribution: Contribution) -> Beside | None:
    """Read the report of the candidate that holds the update, in two queries; None where there is none."""
    report = _report_of(candidate) if candidate is not None else {}
    digests: Sequence[str] = report.get("contributions", ())
    if contribution.digest not in digests or not report.get("norms"):
        return None
    place = digests.index(contribution.digest)
    others = Contribution.objects.filter(digest__in=digests).select_related("job__node")
    known = {each.digest: each for each in others}
    neighbours = (
        Neighbour(
            contribution=known[digest],
            norm=report["norms"][at],
            cosine=report["cosines"][place][at],
        )
        for at, digest in enumerate(digests)
        if at != place and digest in known
    )
    return Beside(
        norm=report["norms"][place],
        neighbours=tuple(sorted(neighbours, key=lambda each: each.cosine)),
        coefficient=_at(report, "coefficients", place),
        sign_agreement=_at(report, "sign_agreement", place),
        retained=_at(report, "retained", place),
    )


def _report_of(candidate: Checkpoint) -> Mapping[str, Any]:
    signed = Statement.objects.filter(
        predicate_type=PREDICATE_MERGE, edges__source__digest=candidate.digest
    ).first()
    if signed is None:
        return {}
    said = json.loads(base64.b64decode(signed.envelope["payload"]))
    report: Mapping[str, Any] = said["predicate"].get("report", {})
    return report


def _at(report: Mapping[str, Any], name: str, place: int) -> float | None:
    figures = report.get(name)
    return float(figures[place]) if figures else None
