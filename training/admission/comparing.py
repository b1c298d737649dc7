"""Base and update compared by their headers alone."""

from collections.abc import Iterator

from training.admission.findings import Finding
from training.tensors import Tensor, TensorLayout


def compare_layouts(base: TensorLayout, delta: TensorLayout) -> Iterator[Finding]:
    """Findings about names, shapes, types and places."""
    ours, theirs = base.by_name, delta.by_name
    for name in ours.keys() - theirs.keys():
        yield Finding("missing-parameter", name, "the base has it, the update does not")
    for name in theirs.keys() - ours.keys():
        yield Finding("unexpected-parameter", name, "the update has it, the base does not")
    shared = [(ours[name], tensor) for name, tensor in theirs.items() if name in ours]
    for expected, tensor in shared:
        yield from _compare_tensors(expected, tensor)
    if len(shared) == len(ours) == len(theirs) and not base.same_places(delta):
        yield Finding("layout-mismatch", "", "tensors do not lie at the base's offsets; a merge pairs bytes")


def comparable(expected: Tensor | None, tensor: Tensor) -> bool:
    """Whether the elements of an update's tensor can be paired with those of the base's."""
    return expected is not None and expected.shape == tensor.shape and expected.dtype == tensor.dtype


def _compare_tensors(expected: Tensor, tensor: Tensor) -> Iterator[Finding]:
    if tensor.shape != expected.shape:
        yield Finding(
            "shape-mismatch", tensor.name, f"{list(tensor.shape)}, the base has {list(expected.shape)}"
        )
    if tensor.dtype != expected.dtype:
        yield Finding(
            "dtype-mismatch", tensor.name, f"{tensor.dtype.name}, the base has {expected.dtype.name}"
        )
