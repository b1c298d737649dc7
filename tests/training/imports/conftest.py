"""Folders of tiny models as Transformers itself writes them, with a tokenizer that was really trained."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.imports.folders import CARD, SMALL, trained_tokenizer


@pytest.fixture(scope="session")
def tokenizer_json() -> str:
    return trained_tokenizer()


@pytest.fixture
def make_model(tmp_path, tokenizer_json) -> Callable[..., Path]:
    """Writes a model of a type; keyword arguments are its configuration's."""

    def write(
        model_type: str = "llama", *, seed: int = 1, dtype: str = "float32", shard: str = "5GB", **more
    ) -> Path:
        import torch

        from training.node.learning.model import build

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
