"""Folders of tiny models as Transformers itself writes them, with a tokenizer that was really trained."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tapestry.demonstration.facts import corpus_path

SMALL = {
    "hidden_size": 16,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 320,
    "max_position_embeddings": 64,
}
CARD = "---\nlicense: apache-2.0\n---\n# A tiny model\n"


@pytest.fixture(scope="session")
def tokenizer_json(tmp_path_factory) -> str:
    """A byte-level BPE of 300 tokens over the demonstration's Vietnamese text."""
    from tokenizers import ByteLevelBPETokenizer

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train(
        [str(corpus_path("vi"))], vocab_size=300, special_tokens=["<s>", "</s>"], show_progress=False
    )
    return tokenizer.to_str()


@pytest.fixture
def make_model(tmp_path, tokenizer_json) -> Callable[..., Path]:
    """Writes a model of a type; keyword arguments are its configuration's."""

    def write(
        model_type: str = "llama", *, seed: int = 1, dtype: str = "float32", shard: str = "5GB", **more
    ) -> Path:
        import torch

        from training.node.model import build

        folder = tmp_path / f"{model_type}-{seed}-{dtype}"
        torch.manual_seed(seed)
        values = {
            "model_type": model_type,
            "tie_word_embeddings": True,
            "rms_norm_eps": 1e-5,
            "rope_theta": 1e4,
        }
        model = build({**SMALL, **values, **more}).to(getattr(torch, dtype))
        model.save_pretrained(folder, max_shard_size=shard)
        (folder / "tokenizer.json").write_text(tokenizer_json, encoding="utf-8")
        (folder / "README.md").write_text(CARD, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def change_config() -> Callable[..., None]:
    def change(folder: Path, **values: object) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change
