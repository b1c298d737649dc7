"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685) through ``peft``: trained in place of all weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from training.node.learning.sharding import local, own_rows, whole

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from training.manifest.parts import Lora


def attach(model: PreTrainedModel, lora: Lora) -> None:
    """Put adapters beside the layers that the manifest names, in every block; only they are trained."""
    from peft import LoraConfig, inject_adapter_in_model

    config = LoraConfig(r=lora.rank, lora_alpha=lora.alpha, target_modules=list(lora.targets))
    inject_adapter_in_model(config, model, low_cpu_mem_usage=True)  # without memory, like the model


def initialise(model: PreTrainedModel, *, seed: int) -> None:
    """Start as the paper does: A at random (as ``peft`` draws it), B zero; alike in any group."""
    import torch

    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if ".lora_B." in name:
                local(parameter).zero_()
            elif ".lora_A." in name:
                rows = torch.empty(parameter.shape)
                torch.nn.init.kaiming_uniform_(rows, a=math.sqrt(5), generator=chance)
                local(parameter).copy_(rows[own_rows(parameter)])


def product(model: PreTrainedModel, name: str, lora: Lora) -> torch.Tensor | None:
    """Return what adapters add to a parameter, float32, or None where there are none: alpha/rank · B · A."""
    layer = model.get_submodule(name.rpartition(".")[0])
    if not hasattr(layer, "lora_A") or not name.endswith(".weight"):
        return None
    (up,), (down,) = layer.lora_B.parameters(), layer.lora_A.parameters()
    return lora.alpha / lora.rank * (whole(up.detach()) @ whole(down.detach()))
