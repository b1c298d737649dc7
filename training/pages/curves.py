"""Training curves, thinned by the database, so that a page costs the same after a million steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, F, FloatField, IntegerField, Q, Value, Window
from django.db.models.functions import Cast, Ceil, Mod, RowNumber
from django.utils.translation import gettext

from training.jobs.models import Job, JobMetric

MOST_POINTS: Final = 120
BOX: Final = (240, 56)  # units of the small drawing's view box
EDGE: Final = 4  # units left free around the line, which is two wide


class Point(NamedTuple):
    """One reading: loss in nats per token, speed in tokens per second; the rest where the node tells it.

    ``tokens`` and ``joules`` count from the first step; ``gradient_norm`` is Euclidean, before clipping.
    """

    step: int
    loss: float
    tokens_per_second: float
    tokens: int | None = None
    memory_bytes: int | None = None
    gradient_norm: float | None = None
    joules: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The readings of a job's present attempt by step, at most `MOST_POINTS`, first and last among them."""

    points: tuple[Point, ...] = ()

    @property
    def first(self) -> Point | None:
        """The first reading."""
        return self.points[0] if self.points else None

    @property
    def last(self) -> Point | None:
        """The newest reading."""
        return self.points[-1] if self.points else None

    @property
    def columns(self) -> list[str]:
        """Headings of `rows`."""
        return [gettext("Step"), gettext("Loss")]

    @property
    def rows(self) -> list[list[float]]:
        """Step and loss, as the chart's table takes them."""
        return [[point.step, round(point.loss, 4)] for point in self.points]

    @property
    def line(self) -> str:
        """The loss as the points of an SVG polyline in `BOX`; empty for fewer than two readings."""
        if len(self.points) < 2:  # noqa: PLR2004 - a line needs two ends
            return ""
        losses = [point.loss for point in self.points]
        low, high = min(losses), max(losses)
        start, span = self.points[0].step, max(self.points[-1].step - self.points[0].step, 1)
        width, height = (side - 2 * EDGE for side in BOX)
        return " ".join(
            f"{EDGE + width * (point.step - start) / span:.1f},"
            f"{EDGE + height * (high - point.loss) / ((high - low) or 1):.1f}"
            for point in self.points
        )


NO_CURVE: Final = Curve()


def curves_of(jobs: Iterable[Job]) -> dict[UUID, Curve]:
    """Return the curves of these jobs by id, in one query; a job without readings is absent."""
    stride = Ceil(Cast("total", FloatField()) / Value(float(MOST_POINTS - 1)))
    kept = (
        JobMetric.objects.filter(job__in=[job.pk for job in jobs], attempt=F("job__attempt"))
        .annotate(
            place=Window(RowNumber(), partition_by="job_id", order_by="step"),
            total=Window(Count("id"), partition_by="job_id"),
        )
        .annotate(rest=Mod(F("place") - 1, Cast(stride, IntegerField())))
        .filter(Q(rest=0) | Q(place=F("total")))
        .order_by("job_id", "step")
        .values_list("job_id", *Point._fields)
    )
    points: dict[UUID, list[Point]] = {}
    for job_id, *figures in kept:
        points.setdefault(job_id, []).append(Point(*figures))
    return {job_id: Curve(tuple(found)) for job_id, found in points.items()}
