"""Shards of any floating type as the one float32 file that a base is, in memory of one chunk."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.imports.errors import ImportRefused
from training.merge import ArchitectureConfig
from training.merge.output import HashedFile
from training.tensors import LayoutError, Tensor, TensorLayout, as_float64, read_into, write_header

CHUNK: Final = 1 << 18  # elements at a time
EXACT: Final = frozenset({"F32", "BF16", "F16"})  # types whose every value float32 holds
_IGNORED: Final = (".rotary_emb.inv_freq",)  # computed from the configuration, kept by old files


@dataclass(frozen=True, slots=True)
class Converted:
    """The written file: its sha256, its size in bytes, and the element types that it was made from."""

    sha256: str
    bytes: int
    dtypes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    descriptor: int
    layout: TensorLayout
    tensor: Tensor


def convert(shards: Sequence[Path], architecture: ArchitectureConfig, out: Path) -> Converted:
    """Write the tensors of ``shards`` as float32 to ``out``, in the canonical order of a base.

    Each conversion is exact. A tied head that a file repeats is left out.

    Raises:
        ImportRefused: ``weights-missing``, ``tensor-missing``, ``-unexpected``, ``-shape``, ``-dtype``,
            ``non-finite``. OSError: ``out`` is complete or untouched.
    """
    specs = {spec.name: spec for spec in architecture.tensors()}
    header, layout = write_header(specs.values(), {"format": "pt"})
    with ExitStack() as stack:
        sources = _sources(shards, stack)
        _check_names(sources, specs.keys(), architecture)
        for name, spec in specs.items():
            _check(sources[name].tensor, spec.shape)
        with HashedFile(out) as target:
            target.write(header)
            for tensor in layout.tensors:
                for values in _values(sources[tensor.name]):
                    target.write(values.data)
    kinds = tuple(sorted({sources[name].tensor.dtype.name for name in specs}))
    return Converted(target.sha256, target.bytes, kinds)


def _sources(shards: Sequence[Path], stack: ExitStack) -> dict[str, _Source]:
    found: dict[str, _Source] = {}
    for shard in shards:
        descriptor = os.open(shard, os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, descriptor)
        try:
            layout = TensorLayout.read(descriptor)
        except LayoutError as error:
            raise ImportRefused("weights-missing", f"{shard.name} is not safetensors: {error}") from None
        for tensor in layout.tensors:
            if tensor.name in found:
                raise ImportRefused("tensor-unexpected", f"{tensor.name!r} stands in two files")
            found[tensor.name] = _Source(descriptor, layout, tensor)
    return found


def _check_names(
    sources: Mapping[str, _Source], wanted: Collection[str], architecture: ArchitectureConfig
) -> None:
    names = set(wanted)
    if missing := sorted(names - sources.keys()):
        raise ImportRefused("tensor-missing", f"{missing[0]!r} and {len(missing) - 1} more are missing")
    spare = {"lm_head.weight"} if architecture.tie_word_embeddings else set()
    extra = sorted(name for name in sources.keys() - names - spare if not name.endswith(_IGNORED))
    if extra:
        raise ImportRefused("tensor-unexpected", f"{extra[0]!r} is no tensor of a {architecture.model_type}")


def _check(tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tensor.shape != shape:
        raise ImportRefused("tensor-shape", f"{tensor.name!r} is {tensor.shape}, config.json wants {shape}")
    if tensor.dtype.name not in EXACT:
        raise ImportRefused("tensor-dtype", f"{tensor.name!r} is {tensor.dtype.name}: not exact in float32")


def _values(source: _Source) -> Iterator[NDArray[np.float32]]:
    tensor, size = source.tensor, source.tensor.dtype.itemsize
    for start in range(0, tensor.elements, CHUNK):
        raw = np.empty(min(CHUNK, tensor.elements - start) * size, np.uint8)
        read_into(source.descriptor, raw.data, source.layout.data_start + tensor.begin + start * size)
        values = as_float64(tensor.dtype, raw).astype("<f4")
        if not np.isfinite(values).all():
            raise ImportRefused("non-finite", f"{tensor.name!r} holds a NaN or an infinity")
        yield values
