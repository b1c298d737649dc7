"""Initial weights: exact, reproducible everywhere, and exactly the parameters of transformers' Llama."""

import hashlib

import numpy as np
import pytest
from pydantic import ValidationError
from safetensors.numpy import load_file

from training.merge import DEMONSTRATION, ArchitectureConfig, initial_weights, merge

SMALL = {
    "hidden_size": 16,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 24,
    "max_position_embeddings": 32,
}


def test_the_hash_of_a_seed_is_known_for_ever(tmp_path):
    written = initial_weights(ArchitectureConfig(**SMALL), 1, tmp_path / "base")
    assert written.sha256 == "765792757bf07e1293eb960575c54a81c2fe150598f1125f6a3fac0ffeec35ea"
    assert written.sha256 == hashlib.sha256((tmp_path / "base").read_bytes()).hexdigest()
    assert written.bytes == (tmp_path / "base").stat().st_size


def test_another_seed_gives_other_weights_but_the_same_norms(tmp_path):
    config = ArchitectureConfig(**SMALL)
    first, second = (initial_weights(config, seed, tmp_path / str(seed)) for seed in (1, 2))
    assert first.sha256 != second.sha256
    assert (load_file(tmp_path / "2")["model.norm.weight"] == 1).all()


def test_weights_are_normal_with_the_configured_deviation(tmp_path):
    initial_weights(DEMONSTRATION, 3, tmp_path / "base")
    values = (
        load_file(tmp_path / "base")["model.layers.0.mlp.up_proj.weight"].ravel().astype(np.float64) / 0.02
    )
    assert abs(values.mean()) < 0.02
    assert values.std() == pytest.approx(1.0, abs=0.01)
    assert np.mean(np.abs(values) < 1) == pytest.approx(0.6827, abs=0.01)
    assert np.abs(values).max() < 6


def test_tensors_do_not_repeat_each_other(tmp_path):
    initial_weights(ArchitectureConfig(**SMALL), 1, tmp_path / "base")
    tensors = load_file(tmp_path / "base")
    queries = [tensors[f"model.layers.{layer}.self_attn.q_proj.weight"].tobytes() for layer in (0, 1)]
    assert queries[0] != queries[1]


def test_the_demonstration_model_has_the_documented_size():
    assert DEMONSTRATION.parameters() == 460_416


@pytest.mark.parametrize("head_dim", [None, 6])
@pytest.mark.parametrize("model_type", ["llama", "mistral", "qwen2", "qwen3"])
@pytest.mark.parametrize("tied", [True, False])
def test_names_and_shapes_are_those_of_transformers(tied, model_type, head_dim):
    import torch

    from training.node.learning.model import build

    values = {"model_type": model_type, "head_dim": head_dim, "tie_word_embeddings": tied}
    config = ArchitectureConfig(**SMALL | values)
    with torch.device("meta"):
        model = build(config.model_dump())
    theirs = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
    assert {tensor.name: tensor.shape for tensor in config.tensors()} == theirs
    assert config.parameters() == model.num_parameters()


def test_transformers_loads_the_file_with_nothing_missing_or_left_over(tmp_path):
    from transformers import LlamaForCausalLM

    from training.node.learning.model import build

    build(DEMONSTRATION.model_dump()).config.save_pretrained(tmp_path)
    initial_weights(DEMONSTRATION, 1, tmp_path / "model.safetensors")
    model, info = LlamaForCausalLM.from_pretrained(tmp_path, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert (model.lm_head.weight == model.model.embed_tokens.weight).all()


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_size": 18},
        {"head_dim": 5},
        {"model_type": "gpt2"},
        {"num_key_value_heads": 3},
        {"vocab_size": 0},
        {"vocab_size": "24"},
        {"rms_norm_eps": float("nan")},
        {"auto_map": "x"},
    ],
)
def test_an_impossible_or_open_ended_architecture_is_refused(change):
    with pytest.raises(ValidationError):
        ArchitectureConfig(**SMALL | change)


@pytest.mark.parametrize(
    ("rule", "parameters", "sha256"),
    [
        ("mean", {}, "ae5b39b890e94aa6486a78840e274d0ce0a7bc7343d3a53fc289406956cb40a9"),
        (
            "weighted-mean",
            {"weights": {"1": "1/2", "2": "1/3", "3": "1/6"}},
            "296d65892b58c50b2e35f3b382d0eb5a3df0c6c94bec47ae1c2915c789f20c3a",
        ),
    ],
)
def test_inv_5_the_hash_of_a_merge_is_known_for_ever(tmp_path, rule, parameters, sha256):
    config = ArchitectureConfig(**SMALL)
    paths = {str(seed): tmp_path / f"{seed}" for seed in range(4)}
    for seed, path in paths.items():
        initial_weights(config, int(seed), path)
    base = paths.pop("0")
    assert merge(base, paths, tmp_path / "next", rule=rule, parameters=parameters).sha256 == sha256
