"""Why a round stands where it stands: the cause in words, since when, and who has to act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from training.jobs.models import Job
from training.rounds.missing import Missing
from training.rounds.models import Round
from training.rounds.waits import WAITS


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait; ``explanation`` is empty where its cause has no code yet."""

    words: str
    explanation: str | Promise
    since: datetime | None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A node whose contribution is still to come, and why."""

    job: Job
    code: str
    cause: str | Promise


def waiting_of(round_: Round) -> Waiting | None:
    """Return what the round waits for; None where it moves or is over."""
    if round_.ended or not round_.waiting_for:
        return None
    return Waiting(round_.waiting_for, WAITS.get(round_.waiting_code, ""), round_.waiting_since)


def rows_of(missing: Iterable[Missing]) -> list[MissingRow]:
    """Return the nodes that are missing, each with its cause in the reader's words."""
    return [MissingRow(each.job, each.code, WAITS.get(each.code, each.words)) for each in missing]
