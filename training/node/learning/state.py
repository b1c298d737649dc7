"""Everything that changes from step to step, so that whoever has it can go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from training.node.learning.sharding import local
from training.tensors import TensorSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from transformers import PreTrainedModel

    from training.node.learning.sharding import Group
    from training.node.reading.batches import Batches

RANDOM = "random"
MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(slots=True, kw_only=True)
class State:
    """A training between two steps.

    Attributes:
        step: steps done. first_loss, last_loss: of the first and the newest step, per target.
        tokens: read so far. seconds, joules: spent so far, over all interruptions; None where nothing tells.
    """

    model: PreTrainedModel
    optimizer: torch.optim.AdamW
    batches: Batches
    group: Group
    step: int = 0
    first_loss: float = 0.0
    last_loss: float = 0.0
    tokens: int = 0
    seconds: float = 0.0
    joules: float | None = None

    def document(self) -> dict[str, Any]:
        """Return what is not tensors, as JSON values; alike in all processes."""
        counted = {
            "step": self.step,
            "first_loss": self.first_loss,
            "last_loss": self.last_loss,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "joules": self.joules,
        }
        return {"counted": counted, "batches": self.batches.state_dict(), "world": self.group.world}

    def take(self, document: dict[str, Any]) -> None:
        """Be where ``document`` was; the tensors are filled in by their holder."""
        for name, value in document["counted"].items():
            setattr(self, name, value)
        self.batches.load_state_dict(document["batches"])

    def trained(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield the name and the parameter for each that is trained."""
        return ((name, p) for name, p in self.model.named_parameters() if p.requires_grad)

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return this process's rows of weights and moments, and its random state, by name.

        They share their memory with the training; moments that do not exist yet are made.
        """
        import torch

        found = {RANDOM: random_state()}
        for name, parameter in self.trained():
            found[f"weights.{name}"] = local(parameter.detach())
            moments = self.optimizer.state[parameter]
            for moment in MOMENTS:
                if moment not in moments:
                    moments[moment] = torch.zeros_like(parameter)
                found[f"{moment}.{name}"] = local(moments[moment])
        return found

    def resume_optimizer(self) -> None:
        """Tell the optimizer how many steps its moments have seen."""
        import torch

        for _, parameter in self.trained():
            self.optimizer.state[parameter]["step"] = torch.tensor(float(self.step), device=parameter.device)


def random_state() -> torch.Tensor:
    """Return the state of the generator of this process, as bytes: the accelerator's where there is one."""
    import torch

    return torch.cuda.get_rng_state() if torch.cuda.is_available() else torch.get_rng_state()


def set_random_state(state: torch.Tensor) -> None:
    """Go on drawing from ``state``."""
    import torch

    (torch.cuda.set_rng_state if torch.cuda.is_available() else torch.set_rng_state)(state)


def spec_of(name: str, tensor: torch.Tensor) -> TensorSpec:
    """Return how a tensor of a checkpoint stands in its file."""
    return TensorSpec(name, "U8" if name == RANDOM else "F32", tuple(tensor.shape))
