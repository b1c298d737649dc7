"""The one place that every showing, download, dispatch and derivation asks (DM:11, DM:14)."""

from catalog.policy.decisions import POLICY_VERSION, Decision, decide
from catalog.policy.facts import Facts
from catalog.policy.operations import Operation, Reason
from catalog.policy.questions import GrantFact

__all__ = ["POLICY_VERSION", "Decision", "Facts", "GrantFact", "Operation", "Reason", "decide"]
