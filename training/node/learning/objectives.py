"""What a training minimises: next tokens, an assistant's answers, preferences, a teacher's distributions.

Each gives the sum of its losses and their number instead of a mean: these add up over micro-batches and
processes, so that a step means the same however it was shared out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from training.node.errors import JobError
from training.node.reading.batches import IGNORED

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from training.manifest import Training

Objective = Callable[["Module", dict[str, "Tensor"]], tuple["Tensor", "Tensor"]]
"""From a model and a batch (``batches.Batches``) to (sum of losses in nats, how many), both 0-dimensional on
the model's device: float32 with gradients, int64."""


def loss_of(training: Training, teacher: Module | None = None) -> Objective:
    """Return the objective of a training.

    Args:
        training: names it, with its ``beta`` or ``temperature``.
        teacher: what never changes: of a distillation its teacher, of a dpo the base that it starts from.

    Raises:
        JobError: ``teacher-missing``.
    """
    if training.objective in {"cpt", "sft"}:
        return next_token
    if teacher is None:
        raise JobError("teacher-missing", f"{training.objective} compares with a model that is not there")
    if training.objective == "dpo":
        return preference(teacher, beta=training.beta)
    return distillation(teacher, temperature=training.temperature)


def next_token(model: Module, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Negative log-likelihood of the targets: of all tokens (cpt), or of the assistant's (sft)."""
    losses = negative_log_likelihoods(model, batch)
    return losses.sum(), (batch["targets"] != IGNORED).sum()


def preference(reference: Module, *, beta: float) -> Objective:
    """Direct preference optimisation (Rafailov et al. 2023, arXiv:2305.18290, equation 7); counts pairs.

    For a pair: -log sigmoid(beta (margin of the model - margin of the reference)), where a margin is the
    log-likelihood of the chosen answer less that of the rejected one.
    """

    def loss(model: Module, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        import torch

        margin = _margins(model, batch)
        with torch.no_grad():
            before = _margins(reference, batch)
        counted = (batch["targets"] != IGNORED).any(dim=1).chunk(2)[0]
        losses = -torch.nn.functional.logsigmoid(beta * (margin - before))
        return (losses * counted).sum(), counted.sum()

    return loss


def distillation(teacher: Module, *, temperature: float) -> Objective:
    """Kullback-Leibler divergence from the teacher's distribution (Hinton et al. 2015, arXiv:1503.02531).

    For each target: temperature² · KL(teacher ‖ student), both softened by the temperature; the square keeps
    the gradients' size. Raises JobError ``teacher-unfit`` when the two have not the same vocabulary.
    """

    def loss(model: Module, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        import torch

        with torch.no_grad():
            wanted = _logits(teacher, batch)
        found = _logits(model, batch)
        if wanted.shape != found.shape:
            what = f"the teacher tells {wanted.shape[-1]} tokens apart, the student {found.shape[-1]}"
            raise JobError("teacher-unfit", what)
        divergence = torch.nn.functional.kl_div(
            torch.log_softmax(found / temperature, dim=-1),
            torch.log_softmax(wanted / temperature, dim=-1),
            reduction="none",
            log_target=True,
        ).sum(dim=-1)
        counted = batch["targets"] != IGNORED
        return (divergence * counted).sum() * temperature**2, counted.sum()

    return loss


def _margins(model: Module, batch: dict[str, Tensor]) -> Tensor:
    chosen, rejected = (-negative_log_likelihoods(model, batch).sum(dim=1)).chunk(2)
    return chosen - rejected


def negative_log_likelihoods(model: Module, batch: dict[str, Tensor]) -> Tensor:
    """Return nats per place, shape (rows, width), zero where nothing is to be predicted."""
    import torch

    return torch.nn.functional.cross_entropy(
        _logits(model, batch).flatten(0, 1),
        batch["targets"].flatten(),
        ignore_index=IGNORED,
        reduction="none",
    ).view_as(batch["targets"])


def _logits(model: Any, batch: dict[str, Tensor]) -> Tensor:
    logits: Tensor = model(input_ids=batch["input_ids"]).logits.float()
    return logits
