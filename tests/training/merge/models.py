"""A small base and updates of it as files, for the tests of merging."""

import numpy as np
from safetensors.numpy import load_file, save_file

F32 = np.float32
SHAPES = {"embed": (41, 7), "norm": (7,), "head": (7, 31)}
ELEMENTS = 41 * 7 + 7 + 7 * 31
DIGESTS = [f"{number}" * 64 for number in range(1, 8)]
PARAMETERS = {
    "weighted-mean": {"weights": {digest: f"{n}/28" for n, digest in enumerate(DIGESTS, 1)}},
    "norm-clipped-mean": {"clip": "1/2"},
    "krum": {"hostile": 2},
    "multi-krum": {"hostile": 1, "chosen": 3},
    "trimmed-mean": {"trim": 2},
    "ties": {"density": "1/5"},
    "dare": {"drop": "1/2", "seed": 5},
}
"""For seven updates; the other rules have none."""


def write(path, seed, scale=0.01):
    rng = np.random.default_rng(seed)
    save_file(
        {name: (rng.standard_normal(shape) * scale).astype(F32) for name, shape in SHAPES.items()}, path
    )
    return path


def write_updates(folder, seed=0):
    return {digest: write(folder / digest[0], seed + int(digest[0]), 0.001) for digest in DIGESTS}


def flat(path):
    """All elements in float64; those of files with the same tensors stand in the same order."""
    tensors = load_file(path)
    return np.concatenate([tensors[name].ravel() for name in sorted(tensors)]).astype(np.float64)
