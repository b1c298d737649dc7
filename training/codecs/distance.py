"""How far two updates are from each other, whatever codecs they are written in."""

import math
from pathlib import Path
from typing import Final

import numpy as np

from training.codecs.arithmetic import F32
from training.codecs.decoding import opened
from training.codecs.errors import CodecError

CHUNK: Final = 1 << 18  # elements


def distance(mine: Path, theirs: Path) -> float:
    """Return the Frobenius norm of (mine - theirs) over that of theirs, in float64.

    0.0 where both are the same; infinite where only theirs is zero, or a value is not finite.

    Raises:
        CodecError, LayoutError: a file is no update; ``payload-malformed`` too where their tensors differ.
    """
    lost = whole = 0.0
    with opened(mine) as ours, opened(theirs) as other:
        if ours.shapes != other.shapes:
            raise CodecError("payload-malformed", "the updates have not the same tensors")
        for name, shape in other.shapes.items():
            elements = math.prod(shape)
            for start in range(0, elements, CHUNK):
                pair = np.empty((2, min(CHUNK, elements - start)), F32)
                ours.read(name, start, pair[0])
                other.read(name, start, pair[1])
                wide = pair.astype(np.float64)
                whole += float(wide[1] @ wide[1])
                wide[0] -= wide[1]
                lost += float(wide[0] @ wide[0])
    if not lost:
        return 0.0
    found = math.sqrt(lost / whole) if whole else math.inf
    return found if math.isfinite(found) else math.inf
