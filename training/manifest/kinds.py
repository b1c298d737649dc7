"""The kinds of jobs, as nodes and coordinator both know them: a closed list, and what each may do."""

from enum import StrEnum
from typing import Final

from catalog.tiers import Purpose


class Kind(StrEnum):
    """What a job does. The private ones run on their member's own nodes and never pass the coordinator."""

    CONTRIBUTED_CPT = "contributed-cpt"
    DISTILLATION = "distillation"
    EVALUATION = "evaluation"
    RE_EXECUTION = "re-execution"
    PRIVATE_CPT = "private-cpt"
    PRIVATE_SFT = "private-sft"
    PRIVATE_DPO = "private-dpo"

    @property
    def purpose(self) -> Purpose:
        """For what the job wants data: policy and the tiers' table ask about this, never about the kind."""
        if self in PRIVATE:
            return Purpose.SOVEREIGN_BUILD
        return Purpose.EVALUATION if self is Kind.EVALUATION else Purpose.CONTRIBUTED_CPT

    @property
    def trains(self) -> bool:
        """Whether it computes a weight update; an evaluation only measures."""
        return self is not Kind.EVALUATION


PRIVATE: Final = frozenset({Kind.PRIVATE_CPT, Kind.PRIVATE_SFT, Kind.PRIVATE_DPO})
CONTRIBUTES: Final = frozenset({Kind.CONTRIBUTED_CPT, Kind.DISTILLATION})
"""Kinds whose weight update enters a round's merge."""
