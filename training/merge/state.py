"""The file of a server's state: what the outer optimizer remembers, one row for each element of the base.

A safetensors file with one tensor, `state`, float32, of shape (elements, arrays): row e belongs to element e
of the base's data, in the order in which they lie in its file, whatever tensors they form. So the state of a
span of elements is one stretch of bytes. The metadata name the server and its arrays.
"""

from typing import Final

from training.merge.errors import MergeError
from training.merge.plan import MergePlan
from training.tensors import TensorLayout, TensorSpec, write_header

STATE: Final = "state"


def state_header(plan: MergePlan, elements: int) -> bytes:
    """Return everything before the data, of the state of this many elements."""
    name = "plain" if plan.server_said is None else plan.server_said["name"]
    header, _ = write_header(
        [TensorSpec(STATE, "F32", (elements, len(plan.arrays)))],
        {"server": name, "arrays": " ".join(plan.arrays)},
    )
    return header


def check_state(layout: TensorLayout, plan: MergePlan, elements: int) -> None:
    """Raise MergeError, state-mismatch, unless a file holds this server's state of so many elements.

    The server's own name is not compared: a vote may go from Adam to Yogi, which keep the same arrays.
    """
    shapes = [(tensor.name, tensor.dtype.name, tensor.shape) for tensor in layout.tensors]
    if shapes != [(STATE, "F32", (elements, len(plan.arrays)))]:
        raise MergeError("state-mismatch", f"not {len(plan.arrays)} numbers for each of {elements} elements")
    if layout.metadata.get("arrays") != " ".join(plan.arrays):
        raise MergeError("state-mismatch", f"the state does not hold {' and '.join(plan.arrays)}")
