"""A base and updates as folders of Llama models: what every peer can read."""

import hashlib
import json
from pathlib import Path

import numpy as np

from training.merge import ArchitectureConfig
from training.tensors import TensorLayout, write_header

WEIGHTS = "model.safetensors"
ZERO = "zero"
CHUNK = 1 << 20
LARGE = 50_000_000


def architecture(elements: int) -> ArchitectureConfig:
    """Return a Llama of about that many parameters, most of them in its layers."""
    hidden, wide, heads = (768, 2048, 12) if elements >= LARGE else (256, 704, 4)
    layers = max(int(0.85 * elements / (4 * hidden**2 + 3 * hidden * wide)), 1)
    rest = elements - layers * (4 * hidden**2 + 3 * hidden * wide)
    return ArchitectureConfig(
        hidden_size=hidden,
        intermediate_size=wide,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        vocab_size=max(rest // hidden, 8),
        max_position_embeddings=512,
    )


def write_models(folder: Path, deltas: int, elements: int) -> int:
    """Write a base ("0"), updates ("1" …) and a base of zeros; return the parameters of each."""
    config = architecture(elements)
    said = config.model_dump(exclude_none=True) | {
        "architectures": ["LlamaForCausalLM"],
        "torch_dtype": "float32",
        "hidden_act": "silu",
    }
    for number in range(deltas + 1):
        _write(folder / str(number), config, said, np.random.default_rng(number))
    _write(folder / ZERO, config, said, None)
    return config.parameters()


def data_sha256(folder: Path) -> str:
    """Return one hash of all tensors in a folder, by name: headers and their order do not count."""
    hashes = {}
    for path in folder.glob("*.safetensors"):
        layout = TensorLayout.read(path)
        with path.open("rb") as file:
            for tensor in layout.tensors:
                file.seek(layout.data_start + tensor.begin)
                hashes[tensor.name] = hashlib.sha256(file.read(tensor.end - tensor.begin)).hexdigest()
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def _write(
    folder: Path, config: ArchitectureConfig, said: dict[str, object], random: np.random.Generator | None
) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(said))
    header, layout = write_header(config.tensors(), {"format": "pt"})
    with (folder / WEIGHTS).open("wb") as file:
        file.write(header)
        for start in range(0, layout.data_bytes // 4, CHUNK):
            count = min(CHUNK, layout.data_bytes // 4 - start)
            values = np.zeros(count, np.float32)
            if random is not None:
                values = random.standard_normal(count, dtype=np.float32) * np.float32(0.001)
            file.write(values.data)
