"""From where on something about an update is pointed out. Pure numbers; nothing here decides."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLimits:
    """Each limit with its unit and where it comes from.

    Attributes:
        norm_ratio: Euclidean norm over the median norm of the others; a scaled update stands out by it.
        cosine: mean cosine to the others, of which honest updates have about 0 or more, also where they learn
            different languages; an update whose sign was flipped lies below.
        gain: bits per byte by which the own domain has to be better with the update than without it. Any gain
            counts: measured in this project, honest updates gain several bits and noise next to none.
        harm: bits per byte by which everything else may be worse with the update than without it. Honest
            updates exceed it too (a language alone made another one worse by 3.5): it points out, no more.
        exposure: bits by which the exposure of canaries may rise (Carlini et al. 2019).
        membership: area under the curve of membership inference on canaries; 0.5 is guessing.
        staleness: bases between the one that it was trained from and the one that it is merged into.
    """

    norm_ratio: float = 3.0
    cosine: float = -0.1
    gain: float = 0.0
    harm: float = 0.05
    exposure: float = 3.0
    membership: float = 0.7
    staleness: int = 0


LIMITS: Final = FlagLimits()
