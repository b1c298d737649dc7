"""From gradients to the next weights: AdamW, its learning rate, and how long a step may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from training.node.learning.sharding import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch

    from training.manifest import Training
    from training.node.learning.sharding import Group

LONGEST_GRADIENT: Final = 1.0
"""The norm to which longer gradients are shortened (Pascanu et al. 2013, arXiv:1211.5063)."""


def optimizer_of(parameters: Iterable[torch.Tensor], settings: Training) -> torch.optim.AdamW:
    """Return AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101); vectors (norms, biases) do not decay."""
    import torch

    trained = [parameter for parameter in parameters if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    used = [group for group in groups if group["params"]]
    return torch.optim.AdamW(used, lr=settings.learning_rate, fused=True)


def learning_rate(settings: Training, done: int) -> float:
    """Return the rate of the step after ``done`` ones: a linear rise from zero, then a cosine to zero."""
    if done < settings.warmup_steps:
        return settings.learning_rate * done / settings.warmup_steps
    progress = (done - settings.warmup_steps) / max(1, settings.steps - settings.warmup_steps)
    return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * progress))


def shorten(parameters: Iterable[torch.Tensor], *, count: torch.Tensor, group: Group) -> torch.Tensor:
    """Turn the gradients of a sum over ``count`` targets into those of its mean, clipped; return their norm.

    Mean and clipping are one multiplication, without waiting for the accelerator. Shape of the norm: ().
    """
    import torch

    gradients = [local(p.grad) for p in parameters if p.grad is not None]
    squares = torch.nn.utils.get_total_norm(gradients).square()
    group.sum(squares)
    share = group.world / count.clamp(min=1)  # FSDP has taken the mean over the processes already
    norm = squares.sqrt() * share
    factor = share * (LONGEST_GRADIENT / (norm + 1e-6)).clamp(max=1)
    torch._foreach_mul_(gradients, factor.float())
    return norm
