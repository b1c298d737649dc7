"""The verbs of a contribution, in one place for pages, API and shell."""

from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution, missing_decisions
from training.contributions.evaluations import receive_evaluation
from training.contributions.receiving import receive_contribution, receive_weights

__all__ = [
    "check_contribution",
    "decide_contribution",
    "missing_decisions",
    "receive_contribution",
    "receive_evaluation",
    "receive_weights",
]
