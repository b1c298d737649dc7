"""How large an update may be. Published with the round: the coordinator applies them, it does not choose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on an update; norms are Euclidean, a layer is one tensor.

    The defaults are wide enough for the first round of a freshly initialised base (Adam moves a weight by
    about its learning rate a step, against weights of 0.02), and narrow enough to stop an update that would
    replace the base instead of continuing it. A family with a trained base should publish narrower ones.
    """

    abs_delta: float = 1.0
    """Largest change of one value."""
    layer_update: float = 1e3
    """Largest norm of one tensor's update."""
    layer_relative_update: float = 10.0
    """Largest norm of one tensor's update, as a multiple of the base tensor's norm."""
    global_update: float = 1e4
    """Largest norm of the whole update."""
    global_relative_update: float = 5.0
    """Largest norm of the whole update, as a multiple of the base's norm."""
    base_rms_floor: float = 1e-3
    """Tensors whose root mean square is smaller are judged as if it were this: zeros can be trained."""
    header_bytes: int = 16 * 2**20
    """Largest header of an update: it is read into memory."""
    findings_per_code: int = 100
    """After so many findings of one code the rest is only counted, so that a report cannot be flooded."""


DEFAULT_LIMITS = Limits()
