"""A round as its strands: one job on one node each, with its newest readings and what it brought."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q

from catalog.pages.reasons import words_of_reason
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.states import ContributionState
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES, JobKind, JobState
from training.pages.curves import NO_CURVE, Curve, curves_of
from training.pages.rounds.conditions import Condition, condition_of, parts_of
from training.pages.rounds.quantities import duration_in_words, energy_in_words
from training.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Strand:
    """One job, its thinned curve, and its contribution with the words for and against it so far."""

    job: Job
    curve: Curve = NO_CURVE
    contribution: Contribution | None = None
    accepts: int = 0
    rejects: int = 0
    condition: Condition | None = None
    step_tokens: int = 0

    @property
    def runs(self) -> bool:
        """Whether its thread moves now."""
        return self.job.state == JobState.RUNNING

    @property
    def step(self) -> int:
        """How far it is; the last sign of life of a job that succeeded may be of a step before its last."""
        return self.job.steps if self.job.state == JobState.SUCCEEDED else self.job.step

    @property
    def reason(self) -> str:
        """Why the job ended or had to begin again; nothing for one that succeeded, or whose pause is told."""
        told = self.job.state in (JobState.SUCCEEDED, JobState.PAUSED)
        return "" if told or not self.job.reason_code else str(words_of_reason(self.job.reason_code))

    @property
    def energy(self) -> str:
        """What the job has spent, where the machine can tell."""
        last = self.curve.last
        return energy_in_words(last.joules) if last and last.joules is not None else ""

    @property
    def time_left(self) -> str:
        """How long the steps that are left take at the speed of the newest reading."""
        last = self.curve.last
        left = max(self.job.steps - self.job.step, 0)
        if not (self.runs and left and last and last.tokens_per_second and self.step_tokens):
            return ""
        return duration_in_words(left * self.step_tokens / last.tokens_per_second)


@dataclass(frozen=True, slots=True)
class Strands:
    """All jobs of a round, training first."""

    training: list[Strand] = field(default_factory=list)
    evaluation: list[Strand] = field(default_factory=list)
    re_execution: list[Strand] = field(default_factory=list)

    @property
    def contributions(self) -> list[Strand]:
        """The strands whose weight update has been committed to, and came or is to come."""
        return [strand for strand in self.training if strand.contribution is not None]

    @property
    def arrived(self) -> int:
        """How many weight updates are here, bytes and all."""
        away = (ContributionState.COMMITTED, ContributionState.WITHDRAWN)
        return sum(
            strand.contribution.state not in away for strand in self.contributions if strand.contribution
        )

    @property
    def running(self) -> int:
        """How many train now."""
        return sum(strand.runs for strand in self.training)

    @property
    def undecided(self) -> int:
        """How many contributions nobody has decided yet."""
        return self.in_states("received", "admitted")

    def in_states(self, *states: str) -> int:
        """Return how many contributions are in one of ``states``."""
        return sum(
            strand.contribution is not None and strand.contribution.state in states
            for strand in self.training
        )


def strands_of(round_: Round) -> Strands:
    """Read the round's jobs with everything that the live view shows, in four queries.

    A job of an earlier window whose update counts in this one is among them.
    """
    mine = Q(round=round_) | Q(contribution__round=round_)
    jobs = list(
        Job.objects.filter(mine)
        .select_related("node__member", "contribution__round", "round__base", "re_execution")
        .order_by("node__slug", "created_at")
    )
    curves, parts, words = curves_of(jobs), parts_of(jobs), _words_on(round_)
    strands, tokens = Strands(), tokens_in_a_step(round_.plan)
    for job in jobs:
        contribution = getattr(job, "contribution", None)
        accepts, rejects = words.get(contribution.pk, (0, 0)) if contribution else (0, 0)
        strand = Strand(
            job=job,
            curve=curves.get(job.pk, NO_CURVE),
            contribution=contribution,
            accepts=accepts,
            rejects=rejects,
            condition=condition_of(job, contribution, parts.get(job.pk)),
            step_tokens=tokens if job.kind in CONTRIBUTES else 0,
        )
        _place(strands, strand)
    return strands


def tokens_in_a_step(plan: dict[str, Any]) -> int:
    """Return how many tokens a node sees in one step of a round's plan, as it was stored."""
    return int(plan["batch_size"] * plan["sequence_length"] * plan.get("accumulation", 1))


def _place(strands: Strands, strand: Strand) -> None:
    if strand.job.kind in CONTRIBUTES:
        strands.training.append(strand)
    elif strand.job.kind == JobKind.EVALUATION:
        strands.evaluation.append(strand)
    else:
        strands.re_execution.append(strand)


def _words_on(round_: Round) -> dict[int, tuple[int, int]]:
    """Words for and against, by contribution; those of its present turn alone count."""
    now = Q(decisions__turn=F("turn"))
    against = [DecisionVerdict.REJECT, DecisionVerdict.QUARANTINE]
    counted = Contribution.objects.filter(round=round_).annotate(
        accepts=Count("decisions", filter=now & Q(decisions__verdict=DecisionVerdict.ACCEPT)),
        rejects=Count("decisions", filter=now & Q(decisions__verdict__in=against)),
    )
    return {
        key: (accepts, rejects) for key, accepts, rejects in counted.values_list("pk", "accepts", "rejects")
    }
