"""The verbs of a contribution, in one place for pages, API and shell."""

from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution, missing_decisions
from training.contributions.evaluations import receive_evaluation
from training.contributions.re_executed import receive_re_execution
from training.contributions.re_executing import nodes_for, request_re_execution
from training.contributions.receiving import deliver_weights, receive_commitment

__all__ = [
    "check_contribution",
    "decide_contribution",
    "deliver_weights",
    "missing_decisions",
    "nodes_for",
    "receive_commitment",
    "receive_evaluation",
    "receive_re_execution",
    "request_re_execution",
]
