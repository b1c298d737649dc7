"""The verbs of a contribution, in one place for pages, API and shell."""

from training.contributions.admitting import check_contribution
from training.contributions.appealing import appeal_decision, speak_on_appeal, withdraw_appeal
from training.contributions.asking import answer_request, ask_contributor
from training.contributions.deciding import decide_contribution
from training.contributions.evaluations import receive_evaluation
from training.contributions.missing import missing_decisions
from training.contributions.opining import give_opinion
from training.contributions.re_executed import receive_re_execution
from training.contributions.re_executing import nodes_for, request_re_execution
from training.contributions.receiving import deliver_weights, receive_commitment

__all__ = [
    "answer_request",
    "appeal_decision",
    "ask_contributor",
    "check_contribution",
    "decide_contribution",
    "deliver_weights",
    "give_opinion",
    "missing_decisions",
    "nodes_for",
    "receive_commitment",
    "receive_evaluation",
    "receive_re_execution",
    "request_re_execution",
    "speak_on_appeal",
    "withdraw_appeal",
]
