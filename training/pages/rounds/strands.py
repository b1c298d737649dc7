"""A round as its strands: one job on one node each, with its newest readings and what it brought."""

from dataclasses import dataclass, field

from django.db.models import Count, Q

from training.contributions.models import Contribution, DecisionVerdict
from training.jobs.models import Job
from training.jobs.states import JobKind, JobState
from training.pages.curves import NO_CURVE, Curve, curves_of
from training.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Strand:
    """One job, its thinned curve, and its contribution with the words for and against it so far."""

    job: Job
    curve: Curve = NO_CURVE
    contribution: Contribution | None = None
    accepts: int = 0
    rejects: int = 0

    @property
    def runs(self) -> bool:
        """Whether its thread moves now."""
        return self.job.state == JobState.RUNNING


@dataclass(frozen=True, slots=True)
class Strands:
    """All jobs of a round, training first."""

    training: list[Strand] = field(default_factory=list)
    evaluation: list[Strand] = field(default_factory=list)

    @property
    def contributions(self) -> list[Strand]:
        """The strands that brought a weight update."""
        return [strand for strand in self.training if strand.contribution is not None]

    @property
    def running(self) -> int:
        """How many train now."""
        return sum(strand.runs for strand in self.training)

    @property
    def undecided(self) -> int:
        """How many contributions nobody has decided yet."""
        return sum(
            strand.contribution is not None and strand.contribution.state in ("received", "admitted")
            for strand in self.training
        )


def strands_of(round_: Round) -> Strands:
    """Read the round's jobs with everything that the live view shows, in three queries."""
    jobs = list(
        round_.jobs.select_related("node__member", "contribution").order_by("node__slug", "created_at")
    )
    curves = curves_of(jobs)
    words = _words_on(round_)
    strands = Strands()
    for job in jobs:
        contribution = getattr(job, "contribution", None)
        accepts, rejects = words.get(contribution.pk, (0, 0)) if contribution else (0, 0)
        strand = Strand(job, curves.get(job.pk, NO_CURVE), contribution, accepts, rejects)
        (strands.training if job.kind == JobKind.CONTRIBUTED_CPT else strands.evaluation).append(strand)
    return strands


def _words_on(round_: Round) -> dict[int, tuple[int, int]]:
    """Decisions for and against, by contribution."""
    counted = Contribution.objects.filter(round=round_).annotate(
        accepts=Count("decisions", filter=Q(decisions__verdict=DecisionVerdict.ACCEPT)),
        rejects=Count("decisions", filter=Q(decisions__verdict=DecisionVerdict.REJECT)),
    )
    return {
        key: (accepts, rejects) for key, accepts, rejects in counted.values_list("pk", "accepts", "rejects")
    }
