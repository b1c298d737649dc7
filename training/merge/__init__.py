"""Merging: the next base as a deterministic function of its parent and the accepted contributions (INV-5).

Needs numpy only; torch never. Start a merge process with OMP_NUM_THREADS=1: the work is bound by memory, and
a second thread only makes it wait for cores that other processes hold (DESIGN §7).
"""

from training.merge.architecture import DEMONSTRATION, ArchitectureConfig
from training.merge.errors import MergeError
from training.merge.initial import Initial, initial_weights
from training.merge.mean import Merged, merge_mean
from training.merge.recipe import (
    CODE_VERSION,
    CODEC,
    checkpoint_digest,
    checkpoint_document,
    merge_order,
    recipe,
)
from training.merge.weighting import Weights, are_equal, rule_and_parameters, weigh, weights_of

__all__ = [
    "CODEC",
    "CODE_VERSION",
    "DEMONSTRATION",
    "ArchitectureConfig",
    "Initial",
    "MergeError",
    "Merged",
    "Weights",
    "are_equal",
    "checkpoint_digest",
    "checkpoint_document",
    "initial_weights",
    "merge_mean",
    "merge_order",
    "recipe",
    "rule_and_parameters",
    "weigh",
    "weights_of",
]
