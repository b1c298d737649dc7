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
    """Something is still to come; the words say what, and who has to act."""

    words: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """The round can not reach a next base; code and cause stay in the log."""

    code: str
    cause: str


Verdict: TypeAlias = Go | Wait | Abandon
