"""Initial weights that anyone can compute again, bit for bit, on any machine and with any numpy."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.merge.architecture import ArchitectureConfig
from training.merge.output import HashedFile
from training.merge.streams import F32
from training.tensors import TensorSpec, write_header

_CHUNK = 1 << 16
_DRAWS = 12


@dataclass(frozen=True, slots=True)
class Initial:
    """The first base of a family: hash and size in bytes of its file."""

    sha256: str
    bytes: int


def initial_weights(config: ArchitectureConfig, seed: int, out: Path) -> Initial:
    """Write a random model to `out`: ones for norms, zeros for biases, else normal(0, initializer_range).

    Each tensor has its own stream, keyed by the seed and its name, so none depends on its neighbours. A
    safetensors file that transformers loads. Raises OSError; `out` is complete or untouched.
    """
    specs = {tensor.name: tensor for tensor in config.tensors()}
    header, layout = write_header(specs.values(), {"format": "pt"})
    with HashedFile(out) as target:
        target.write(header)
        for tensor in layout.tensors:
            for values in _values(specs[tensor.name], seed, config.initializer_range):
                target.write(values.data)
    return Initial(target.sha256, target.bytes)


def _values(tensor: TensorSpec, seed: int, deviation: float) -> Iterator[NDArray[np.float32]]:
    key = hashlib.sha256(f"{seed}/{tensor.name}".encode()).digest()[:16]
    random = np.random.Philox(key=int.from_bytes(key, "little"))
    elements = prod(tensor.shape)
    for start in range(0, elements, _CHUNK):
        count = min(_CHUNK, elements - start)
        if tensor.name.endswith(".bias"):
            yield np.zeros(count, F32)
        else:
            is_norm = len(tensor.shape) == 1
            yield np.ones(count, F32) if is_norm else _normal(random, count, deviation)


def _normal(random: np.random.Philox, count: int, deviation: float) -> NDArray[np.float32]:
    """Sums of twelve 16-bit draws: normal up to 6 deviations, and exact.

    numpy promises only its raw bit streams for ever, not its normal(), and logarithms differ in the last bit
    between machines. Integer sums and one rounding do not. The variance of the sum is 65536² - 1.
    """
    words = random.random_raw(count * _DRAWS // 4).astype("<u8", copy=False)
    sums = words.view("<u2").reshape(count, _DRAWS).sum(axis=1, dtype=np.int64)
    values: NDArray[np.float32] = ((sums - _DRAWS * 65535 // 2) * (deviation / 65536)).astype(F32)
    return values
