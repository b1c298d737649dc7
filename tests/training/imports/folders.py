"""A model's folder without torch: initial weights, its configuration, a tokenizer and a card."""

import json
from pathlib import Path
from typing import Any

from tapestry.demonstration.facts import corpus_path
from training.merge import ArchitectureConfig, initial_weights

SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 320,
    "max_position_embeddings": 64,
}
CARD = "---\nlicense: apache-2.0\n---\n# A tiny model\n"


def write_model(folder: Path, seed: int = 1) -> Path:
    """Write a tiny Llama as Transformers lays it out, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    config = ArchitectureConfig(**SMALL)
    initial_weights(config, seed, folder / "model.safetensors")
    (folder / "config.json").write_text(config.model_dump_json(exclude_none=True), encoding="utf-8")
    (folder / "tokenizer.json").write_text(trained_tokenizer(), encoding="utf-8")
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folder


def trained_tokenizer() -> str:
    """A byte-level BPE of 300 tokens over the demonstration's Vietnamese text, as JSON."""
    from tokenizers import ByteLevelBPETokenizer

    tokenizer = ByteLevelBPETokenizer()
    tokens = ["<s>", "</s>"]
    tokenizer.train([str(corpus_path("vi"))], vocab_size=300, special_tokens=tokens, show_progress=False)
    return str(json.dumps(json.loads(tokenizer.to_str())))
