"""What one look at a round can lead to."""

from dataclasses import dataclass
from typing import TypeAlias

from training.rounds.states import RoundState


@dataclass(frozen=True, slots=True)
class Go:
    """Everything that this state is for has happened."""

    to: RoundState


@dataclass(frozen=True, slots=True)
class Wait:
    """Something is still to come: a code of `training.rounds.waits.WAITS`, and words on who has to act."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """The round can not reach a next base; code and cause stay in the log.

    A window that closed with too little ``keeps_jobs``: what they bring counts in the next one.
    """

    code: str
    cause: str
    keeps_jobs: bool = False


Verdict: TypeAlias = Go | Wait | Abandon
