"""Which tensors an encoded file has for those of the update."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from training.codecs.arithmetic import BLOCK, LEVELS
from training.codecs.errors import CodecError
from training.tensors import Tensor, TensorLayout, TensorSpec

CODEC_KEY: Final = "codec"
SHAPES_KEY: Final = "shapes"
SCALES: Final = ":scales"
PAYLOADS: Final = {"fp32": "F32", "bf16": "BF16", "int8-block": "I8", "int4-block": "U8"}
_MOST_RANK: Final = 64

Shape = tuple[int, ...]


def specs_for(tensors: Iterable[Tensor], codec: str) -> Iterator[TensorSpec]:
    """Yield what the encoded file holds for each tensor of the update.

    Raises:
        CodecError: ``name-taken``: a parameter is named like the scales of another.
    """
    for tensor in tensors:
        if tensor.name.endswith(SCALES):
            raise CodecError("name-taken", f"{tensor.name[:200]!r} ends with {SCALES}")
        yield TensorSpec(tensor.name, PAYLOADS[codec], payload_shape(tensor.shape, codec))
        if codec in LEVELS:
            yield TensorSpec(tensor.name + SCALES, "F32", (blocks_in(tensor.shape),))


def metadata_for(tensors: Iterable[Tensor], codec: str) -> dict[str, str]:
    """Return what the encoded file says of itself."""
    said = {CODEC_KEY: codec}
    if codec == "int4-block":
        shapes = {tensor.name: list(tensor.shape) for tensor in tensors}
        said[SHAPES_KEY] = json.dumps(shapes, sort_keys=True, separators=(",", ":"))
    return said


def shapes_in(layout: TensorLayout, codec: str) -> Mapping[str, Shape]:
    """Return the shapes of the update that an encoded file holds; nothing but its header is looked at.

    Raises:
        CodecError: ``dtype-mismatch``, ``payload-malformed``, ``scales-malformed``.
    """
    there = layout.by_name
    payloads = [t for t in layout.tensors if codec not in LEVELS or not t.name.endswith(SCALES)]
    told = _told_shapes(layout) if codec == "int4-block" else {t.name: t.shape for t in payloads}
    if told.keys() != {tensor.name for tensor in payloads}:
        raise CodecError("payload-malformed", "the shapes are not those of the tensors")
    for tensor in payloads:
        shape = told[tensor.name]
        if tensor.dtype.name != PAYLOADS[codec]:
            raise CodecError("dtype-mismatch", f"{tensor.name[:200]!r} is {tensor.dtype.name} in {codec}")
        if tensor.shape != payload_shape(shape, codec):
            raise CodecError("payload-malformed", f"{tensor.name[:200]!r} has not the bytes of its shape")
        if codec in LEVELS:
            _check_scales(there.get(tensor.name + SCALES), shape, tensor.name)
    if codec in LEVELS and len(there) != 2 * len(payloads):
        raise CodecError("scales-malformed", "there are scales of no tensor")
    return told


def payload_shape(shape: Shape, codec: str) -> Shape:
    """Return the shape in which the elements of a tensor lie in the file."""
    return (-(-math.prod(shape) // 2),) if codec == "int4-block" else shape


def blocks_in(shape: Shape) -> int:
    """Return how many scales a tensor has."""
    return -(-math.prod(shape) // BLOCK)


def _check_scales(scales: Tensor | None, shape: Shape, name: str) -> None:
    if scales is None or scales.dtype.name != "F32" or scales.shape != (blocks_in(shape),):
        raise CodecError("scales-malformed", f"{name[:200]!r} has not one F32 scale for each block")


def _told_shapes(layout: TensorLayout) -> dict[str, Shape]:
    try:
        told = json.loads(layout.metadata.get(SHAPES_KEY, ""))
        return {str(name): _shape(sizes) for name, sizes in dict(told).items()}
    except (ValueError, TypeError, RecursionError) as error:
        raise CodecError("payload-malformed", "the metadata do not tell the shapes") from error


def _shape(sizes: Any) -> Shape:
    if not isinstance(sizes, list) or len(sizes) > _MOST_RANK:
        raise ValueError("no list of sizes")
    if not all(type(size) is int and 0 <= size < 2**63 for size in sizes):
        raise ValueError("no sizes")
    return tuple(sizes)
