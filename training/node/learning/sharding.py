"""The processes that train one model together, one for each accelerator, and what each of them holds.

Started by ``torchrun``; each holds some rows of every parameter (FSDP2; Zhao et al. 2023, arXiv:2304.11277).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True)
class Group:
    """This process among those of the job: ``rank`` of ``world``. Every process calls every method alike."""

    rank: int = 0
    world: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the one that reports and writes."""
        return self.rank == 0

    def sum(self, values: torch.Tensor) -> None:
        """Add up the tensor over all processes, in place."""
        if self.world > 1:
            import torch.distributed as dist

            dist.all_reduce(values)

    def gather(self, value: Any) -> list[Any]:
        """Return the small value of each process, by rank."""
        if self.world == 1:
            return [value]
        import torch.distributed as dist

        values = [None] * self.world
        dist.all_gather_object(values, value)
        return values

    def shard(self, model: PreTrainedModel, *, dtype: str) -> None:
        """Leave each process its rows of an empty model; computations see whole layers, one at a time."""
        if self.world == 1:
            return
        import torch
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

        mesh = init_device_mesh("cuda" if torch.cuda.is_available() else "cpu", (self.world,))
        policy = MixedPrecisionPolicy(
            param_dtype=torch.bfloat16 if dtype == "bf16" else None, reduce_dtype=torch.float32
        )
        for layer in model.model.layers:
            fully_shard(layer, mesh=mesh, mp_policy=policy)
        fully_shard(model, mesh=mesh, mp_policy=policy)


def is_launched() -> bool:
    """Whether ``torchrun`` started this process, as one of a group."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def join() -> Group:
    """Meet the other processes that ``torchrun`` started, if it did, and take an accelerator for this one."""
    if not is_launched():
        return Group()
    import torch
    import torch.distributed as dist

    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        dist.init_process_group("cpu:gloo,cuda:nccl")
    else:
        dist.init_process_group("gloo")
    return Group(rank=dist.get_rank(), world=dist.get_world_size())


def leave(group: Group) -> None:
    """Part from the other processes when all have come here."""
    if group.world > 1:
        import torch.distributed as dist

        dist.barrier()
        dist.destroy_process_group()


def local(tensor: torch.Tensor) -> torch.Tensor:
    """Return the rows of a tensor that this process holds, sharing their memory."""
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor


def whole(tensor: torch.Tensor) -> torch.Tensor:
    """Return all rows of a tensor; all processes of the group call it together."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def own_rows(tensor: torch.Tensor) -> slice:
    """Return which rows of a tensor this process holds: equal shares, the last ones smaller or empty."""
    if not hasattr(tensor, "device_mesh"):
        return slice(0, tensor.shape[0])
    share = -(-tensor.shape[0] // tensor.device_mesh.size())
    start = min(share * tensor.device_mesh.get_local_rank(), tensor.shape[0])
    return slice(start, min(start + share, tensor.shape[0]))
