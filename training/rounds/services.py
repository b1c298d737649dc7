"""The verbs of a round, in one place for pages, API and shell."""

from training.rounds.cadence import open_due_rounds
from training.rounds.candidates import make_candidate
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.opening import abandon_round, open_round
from training.rounds.stragglers import vote_on_stragglers

__all__ = [
    "abandon_round",
    "advance",
    "make_candidate",
    "merge",
    "open_due_rounds",
    "open_round",
    "vote_on_stragglers",
]
