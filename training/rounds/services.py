"""The verbs of a round, in one place for pages, API and shell."""

from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.opening import abandon_round, open_round

__all__ = ["abandon_round", "advance", "merge", "open_round"]
