"""Merging: the next base as a deterministic function of its parent and the accepted contributions (INV-5).

Needs numpy only; torch never. Start a merge process with OMP_NUM_THREADS=1: the work is bound by memory, and
a second thread only makes it wait for cores that other processes hold (DESIGN §7).
"""

from training.merge.architecture import DEMONSTRATION, ArchitectureConfig
from training.merge.errors import MergeError
from training.merge.initial import Initial, initial_weights
from training.merge.ledger import Held, Preview, growth, next_ledger, preview_without
from training.merge.merging import Merged, merge
from training.merge.recipe import (
    CODE_VERSION,
    CODEC,
    checkpoint_digest,
    checkpoint_document,
    recipe,
)
from training.merge.rules import RULES, SERVERS, VOTED
from training.merge.verifying import Finding, Verification, verify_checkpoint
from training.merge.weighting import Weights, are_equal, rule_and_parameters, weigh, weights_of

__all__ = [
    "CODEC",
    "CODE_VERSION",
    "DEMONSTRATION",
    "RULES",
    "SERVERS",
    "VOTED",
    "ArchitectureConfig",
    "Finding",
    "Held",
    "Initial",
    "MergeError",
    "Merged",
    "Preview",
    "Verification",
    "Weights",
    "are_equal",
    "checkpoint_digest",
    "checkpoint_document",
    "growth",
    "initial_weights",
    "merge",
    "next_ledger",
    "preview_without",
    "recipe",
    "rule_and_parameters",
    "verify_checkpoint",
    "weigh",
    "weights_of",
]
