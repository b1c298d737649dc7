"""Models on a node, built from a closed list of types and settings. Only for computing children.

A model is built without memory (torch's ``meta``), changed there (adapters, shards), then given its memory
and filled from its file row by row, so that no second copy of the weights ever exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from training.node.learning.sharding import local, own_rows

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from transformers import PreTrainedModel

TYPES: Final = {"llama": "Llama", "mistral": "Mistral", "qwen2": "Qwen2", "qwen3": "Qwen3"}
FIXED: Final[dict[str, Any]] = {
    "use_cache": False,
    "attention_bias": False,
    "mlp_bias": False,
    "sliding_window": None,
    "attention_dropout": 0.0,
}
"""Settings that no manifest chooses; a type that has no such setting ignores it."""
HEAD: Final = "lm_head.weight"
EMBEDDING: Final = "model.embed_tokens.weight"
"""Where the two are tied, a file may hold the head a second time."""


def make_deterministic(*, seed: int, threads: int, deterministic: bool = True) -> None:
    """Make every later computation a function of the seed alone, or only start it from there."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=deterministic)
    # Only code that reads memory before writing it would notice, and ours is tested to repeat itself.
    torch.utils.deterministic.fill_uninitialized_memory = False
    if not deterministic:
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True


def device() -> str:
    """Return where to compute: the accelerator when there is one."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def build(architecture: dict[str, Any]) -> PreTrainedModel:
    """Return an untrained model; under ``torch.device("meta")`` one without memory.

    Raises:
        ValueError: for a model type that is not in ``TYPES``.
    """
    import transformers

    settings = {name: value for name, value in architecture.items() if value is not None}
    kind = settings.pop("model_type", "llama")
    if kind not in TYPES:
        raise ValueError(f"models of type {kind!r} are not known here")
    scaling = settings.pop("rope_scaling", {"rope_type": "default"})
    settings["rope_parameters"] = {**scaling, "rope_theta": settings.pop("rope_theta", 10_000.0)}
    # Qwen 3 would take 128 whatever the hidden size.
    settings.setdefault("head_dim", settings["hidden_size"] // settings["num_attention_heads"])
    config = getattr(transformers, f"{TYPES[kind]}Config")(**FIXED, **settings)
    return getattr(transformers, f"{TYPES[kind]}ForCausalLM")(config)


def build_empty(architecture: dict[str, Any], *, dtype: str = "fp32") -> PreTrainedModel:
    """Return a model that has names and shapes (of ``dtype``) but no memory yet."""
    import torch

    with torch.device("meta"):
        model = build(architecture)
    return model.to(torch.bfloat16) if dtype == "bf16" else model.float()


def load(architecture: dict[str, Any], weights: Path, *, dtype: str = "fp32") -> PreTrainedModel:
    """Return a model with the weights of a safetensors file, on ``device()``; raises what ``fill`` does."""
    model = build_empty(architecture, dtype=dtype)
    fill(model, weights)
    return model


def fill(model: PreTrainedModel, weights: Path) -> None:
    """Give an empty model its memory, and the rows that are this process's from a safetensors file.

    Raises:
        ValueError: when names or shapes are not those of the file; the head may be absent where it is tied.
    """
    import torch
    from safetensors import safe_open

    model.to_empty(device=device())
    model.tie_weights()
    rotary = model.model.rotary_emb  # not in any file: computed from the settings
    model.model.rotary_emb = type(rotary)(model.config).to(device())
    wanted = parameters(model)
    with safe_open(weights, framework="pt") as file, torch.no_grad():
        missing, unexpected = sorted(wanted.keys() - file.keys()), sorted(set(file.keys()) - wanted.keys())
        if missing or [name for name in unexpected if name != HEAD or not model.config.tie_word_embeddings]:
            raise ValueError(f"weights do not fit: missing {missing}, unexpected {unexpected}")
        for name, parameter in wanted.items():
            rows = file.get_slice(name)
            if tuple(rows.get_shape()) != tuple(parameter.shape):
                raise ValueError(f"{name} is {rows.get_shape()} where {list(parameter.shape)} is due")
            local(parameter).copy_(rows[own_rows(parameter)])


def parameters(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    """Return each parameter once (this process's part of it), under the name it has in a safetensors file.

    Those of adapters are left out: no file of a base has them.
    """
    return {
        name.replace(".base_layer.", "."): tensor.detach()
        for name, tensor in model.named_parameters()
        if ".lora_" not in name
    }
