"""A model's ``config.json`` as our closed list of numbers; what it says beyond them has to be harmless."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from training.imports.errors import ImportRefused
from training.merge import ArchitectureConfig

TYPES: Final = ("llama", "mistral", "qwen2", "qwen3")
_NUMBERS: Final = (
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "max_position_embeddings",
)
_FRACTIONS: Final = ("rms_norm_eps", "initializer_range")
# These change what is computed. A model of ours has the value beside them, and no other one can be imported.
_FIXED: Final[Mapping[str, tuple[Any, ...]]] = {
    "hidden_act": ("silu",),
    "attention_bias": (False,),
    "mlp_bias": (False,),
    "use_sliding_window": (False,),
    "pretraining_tp": (1,),
}
_CODE: Final = ("auto_map", "custom_pipelines", "quantization_config")


def read_configuration(config: Mapping[str, Any]) -> ArchitectureConfig:
    """Return the architecture that a ``config.json`` of transformers describes.

    Raises:
        ImportRefused: ``carries-code``, ``architecture-unknown``, ``setting-unknown`` for a value that would
            make another model than ours of this type, ``config-malformed``.
    """
    for name in _CODE:
        if config.get(name):
            raise ImportRefused("carries-code", f"config.json has {name!r}; only plain weights are imported")
    kind = config.get("model_type")
    if kind not in TYPES:
        raise ImportRefused("architecture-unknown", f"model_type {kind!r} is none of {', '.join(TYPES)}")
    for name, allowed in _FIXED.items():
        if config.get(name, allowed[0]) not in allowed:
            raise ImportRefused("setting-unknown", f"{name} is {config[name]!r}, here it is {allowed[0]!r}")
    _check_window(config)
    try:
        return ArchitectureConfig.model_validate({"model_type": kind, **_values(config), **_rope(config)})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ImportRefused("config-malformed", wrong) from None


def _check_window(config: Mapping[str, Any]) -> None:
    window, reach = config.get("sliding_window"), config.get("max_position_embeddings", 0)
    if config["model_type"] == "mistral" and isinstance(window, int) and window < reach:
        raise ImportRefused("setting-unknown", f"sliding_window is {window}; only full attention is imported")


def _values(config: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: config[name] for name in _NUMBERS if config.get(name) is not None}
    found |= {name: float(config[name]) for name in _FRACTIONS if isinstance(config.get(name), int | float)}
    found.setdefault("num_key_value_heads", found.get("num_attention_heads"))
    # Absent means what transformers means: a head of its own, for all but Qwen 3, which is always explicit.
    found["tie_word_embeddings"] = config.get("tie_word_embeddings", False)
    return found


def _rope(config: Mapping[str, Any]) -> dict[str, Any]:
    """Both spellings: ``rope_theta`` with ``rope_scaling``, and ``rope_parameters`` of transformers 5."""
    said = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if not isinstance(said, Mapping):
        raise ImportRefused("config-malformed", "rope_scaling is not an object")
    theta = config.get("rope_theta", said.get("rope_theta", 10_000.0))
    kind = said.get("rope_type", said.get("type", "default"))
    found: dict[str, Any] = {"rope_theta": float(theta)} if isinstance(theta, int | float) else {}
    if kind == "llama3":
        scaling = {name: value for name, value in said.items() if name not in {"rope_theta", "type"}}
        floats = ("factor", "low_freq_factor", "high_freq_factor")
        scaling |= {name: float(scaling[name]) for name in floats if isinstance(scaling.get(name), int)}
        found["rope_scaling"] = {**scaling, "rope_type": "llama3"}
    elif kind not in ("default", None):
        raise ImportRefused("setting-unknown", f"rope_type {kind!r} is not imported")
    return found
