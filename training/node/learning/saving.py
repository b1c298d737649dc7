"""Tensors to a safetensors file, one at a time, hashed while they are written, and then flushed."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from training.node.durable import flush_folder
from training.tensors import TensorSpec, write_header

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import torch


def write(path: Path, tensors: Sequence[TensorSpec], tensor_of: Callable[[str], torch.Tensor]) -> str:
    """Write tensors, of which only one is asked for at a time, and return the sha256 of the file."""
    header, layout = write_header(tensors)
    digest = hashlib.sha256(header)
    with path.open("wb") as file:
        file.write(header)
        for tensor in layout.tensors:
            data = tensor_of(tensor.name).detach().cpu().contiguous().flatten().numpy().data
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def write_together(
    path: Path,
    shapes: Mapping[str, tuple[int, ...]],
    tensor_of: Callable[[str], torch.Tensor],
    *,
    leads: bool,
) -> None:
    """Write float32 tensors that all processes give together; the file is there as a whole or not at all."""
    specs = [TensorSpec(name, "F32", shape) for name, shape in shapes.items()]
    if not leads:
        for tensor in write_header(specs)[1].tensors:
            tensor_of(tensor.name)
        return
    unfinished = path.with_name(f".{path.name}.new")
    write(unfinished, specs, tensor_of)
    unfinished.replace(path)
    flush_folder(path.parent)
