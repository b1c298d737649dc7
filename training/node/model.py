"""The model on a node: Transformers' Llama from a closed list of settings. Only for the computing child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from transformers import LlamaForCausalLM


def make_deterministic(*, seed: int, threads: int) -> None:
    """Make every later computation a function of the seed alone."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)


def device() -> str:
    """Return where to compute: the accelerator when there is one."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def load(architecture: dict[str, Any], weights: Path) -> LlamaForCausalLM:
    """Return the model with the weights of one safetensors file, float32, on ``device()``."""
    from safetensors.torch import load_file
    from transformers import LlamaConfig, LlamaForCausalLM

    model = LlamaForCausalLM(LlamaConfig(**architecture, use_cache=False))
    missing, unexpected = model.load_state_dict(load_file(weights), strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"weights do not fit: missing {sorted(missing)}, unexpected {sorted(unexpected)}")
    model.tie_weights()
    return model.float().to(device())


def parameters(model: LlamaForCausalLM) -> dict[str, torch.Tensor]:
    """Return each parameter once, under the name it has in a safetensors file."""
    return {name: tensor.detach() for name, tensor in model.named_parameters()}
