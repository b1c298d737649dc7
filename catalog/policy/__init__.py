"""The one place that every showing, download, dispatch and derivation asks (DM:11, DM:14)."""

from catalog.policy.decisions import POLICY_VERSION, Decision, Operation, Reason, decide
from catalog.policy.facts import Facts

__all__ = ["POLICY_VERSION", "Decision", "Facts", "Operation", "Reason", "decide"]
