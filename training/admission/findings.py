"""The report of an admission."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FindingCode = Literal[
    "missing-parameter",
    "unexpected-parameter",
    "not-a-tensor",
    "codec-mismatch",
    "shape-mismatch",
    "dtype-mismatch",
    "layout-mismatch",
    "non-finite",
    "value-overflows-base-dtype",
    "update-not-measurable",
    "layer-update-too-large",
    "layer-relative-update-too-large",
    "abs-delta-too-large",
    "global-update-too-large",
    "global-relative-update-too-large",
    "below-quality-floor",
]
"""Upstream's codes (FIELD.md §3), and three of ours. layout-mismatch: same tensors in another order of bytes;
codec-mismatch: not in the codec that was agreed, or not what it writes; below-quality-floor: less improvement
than the members voted for."""

_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: a stable code, the tensor it is about ("" for the whole update), prose for people."""

    code: FindingCode
    tensor: str
    detail: str


@dataclass(frozen=True, slots=True)
class TensorMeasure:
    """Norms of one tensor's update and of the base's tensor, over their finite elements, in float64.

    `relative_norm` is against the floored norm of the base; `largest` is the largest absolute change.
    """

    elements: int
    norm: float
    base_norm: float
    relative_norm: float
    largest: float


@dataclass(frozen=True, slots=True)
class Admission:
    """Everything that one pass over an update found.

    `norm` and `relative_norm` (against the base's) cover all tensors that base and update share; both
    are None if there is nothing to measure. `sha256` is of the whole file, `elements` counts
    the compared values.
    """

    findings: tuple[Finding, ...]
    norm: float | None
    relative_norm: float | None
    per_tensor: Mapping[str, TensorMeasure]
    sha256: str
    elements: int

    @property
    def admissible(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def bounded(findings: Iterable[Finding], per_code: int) -> tuple[Finding, ...]:
    """The findings with at most `per_code` of each code, then one that counts the rest of that code."""
    kept: list[Finding] = []
    seen: Counter[FindingCode] = Counter()
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= per_code:
            kept.append(Finding(finding.code, finding.tensor[:_NAME_LENGTH], finding.detail))
    for code, count in seen.items():
        if count > per_code:
            kept.append(Finding(code, "", f"and {count - per_code} more of this kind"))
    return tuple(kept)
