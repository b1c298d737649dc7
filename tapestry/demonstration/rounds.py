"""Plays the maintainers' part of a round, so that one runs to its end without a person."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tapestry.demonstration.facts import load_consortium
from tapestry.demonstration.people import maintainers
from tapestry.demonstration.seeding import FAMILY
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.states import ContributionState
from training.families.models import ModelFamily
from training.rounds.models import Round
from training.rounds.opening import open_round
from training.rounds.plan import TrainingPlan
from training.rounds.states import ENDED, RoundState

Announce = Callable[[str], None]
LOOK_EVERY = 0.5  # seconds between two looks at the round
QUORUM = 2
NOTE = "Demonstration: findings, norms and the node's own figures read; nothing stands against it."


class RoundFailed(Exception):  # noqa: N818 - named for what is the case
    """The round did not end with a next base; the text says why."""


def play_round(
    announce: Announce,
    *,
    seconds: float,
    plan: TrainingPlan | None = None,
    watch: Callable[[], None] = lambda: None,
) -> Round:
    """Open a round, or go on with the one that runs, decide as maintainers, and return it closed.

    ``watch`` is called at each look, for whoever has processes to look after meanwhile.

    Raises:
        RoundFailed: it was abandoned, or took longer than ``seconds``.
    """
    round_ = current_round() or _open(plan or TrainingPlan())
    announce(f"{round_} on {round_.base}: {round_.plan['steps']} steps on each node")
    teller = Teller(announce)
    deadline = time.monotonic() + seconds
    while round_.state not in ENDED:
        if time.monotonic() > deadline:
            raise RoundFailed(
                f"{round_} still stands at “{round_.state}” ({round_.waiting_for}) after {seconds:.0f} s"
            )
        watch()
        time.sleep(LOOK_EVERY)
        round_.refresh_from_db()
        teller.tell(round_)
        if round_.state == RoundState.REVIEWING:
            _decide_what_waits(round_, announce)
    if round_.state != RoundState.CLOSED:
        raise RoundFailed(f"{round_} was abandoned: {round_.waiting_for}")
    return round_


def current_round() -> Round | None:
    """Return the round of the demonstration's family that has not ended."""
    return Round.objects.filter(family__slug=FAMILY).exclude(state__in=ENDED).first()


def needs_first_round() -> bool:
    """Tell whether the demonstration's family has not yet had a round that ended."""
    return not Round.objects.filter(family__slug=FAMILY, state__in=ENDED).exists()


class Teller:
    """Says what changed in a round since the last look, one line a change."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._told: dict[object, object] = {}

    def tell(self, round_: Round) -> None:
        """Look at the round and its jobs, and say what is new."""
        self._say("round", round_.state, f"round is {round_.state}")
        for job in round_.jobs.select_related("node"):
            share = job.step * 4 // job.steps if job.steps else 0
            where = f"{job.phase} {job.step}/{job.steps}" if job.steps else job.phase
            line = f"{job.node.slug}: {job.kind} {job.state} {where}".rstrip()
            if job.reason and job.state not in ("running", "succeeded"):
                line += f" ({job.reason_code}: {job.reason})"
            self._say(job.pk, (job.state, job.attempt, job.phase, share), line)

    def _say(self, subject: object, now: object, line: str) -> None:
        if self._told.get(subject) != now:
            self._told[subject] = now
            self._announce(line)


def _open(plan: TrainingPlan) -> Round:
    """Open a round whose nodes have three times as long as the plan gives a job, not the members' hours."""
    opener = maintainers(load_consortium(), without="")[0]
    family = ModelFamily.objects.get(slug=FAMILY)
    deadline = timezone.now() + 3 * timedelta(seconds=plan.limits.seconds)
    return open_round(opener, family, plan, quorum=QUORUM, deadline=deadline, mode=Round.Mode.SYNCHRONOUS)


def _decide_what_waits(round_: Round, announce: Announce) -> None:
    """Let maintainers of other members than the contributing one accept what admission let through."""
    waiting = Contribution.objects.filter(round=round_, state=ContributionState.ADMITTED)
    for contribution in waiting.select_related("job__node__member"):
        owner = contribution.job.node.member.slug
        for maintainer in maintainers(load_consortium(), without=owner):
            contribution.refresh_from_db()
            if contribution.state != ContributionState.ADMITTED:
                break
            if not contribution.decisions.filter(member__slug=maintainer.member).exists():
                decide_contribution(maintainer, contribution, DecisionVerdict.ACCEPT, note=NOTE)
                announce(f"{maintainer.label} of {maintainer.member} accepted the update of {owner}")
