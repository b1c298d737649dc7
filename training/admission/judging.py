"""Measures turned into findings."""

import math
from collections.abc import Iterable, Iterator

from training.admission.findings import Finding, FindingCode, TensorMeasure
from training.admission.limits import Limits
from training.admission.measuring import Running


def judge_values(name: str, running: Running) -> Iterator[Finding]:
    """Findings about single values that can be in no update, whatever its size."""
    if running.non_finite:
        yield Finding("non-finite", name, f"{running.non_finite} of {running.elements} are NaN or infinite")
    if running.overflowing:
        detail = f"base + update exceeds {running.dtype.name} in {running.overflowing} of {running.elements}"
        yield Finding("value-overflows-base-dtype", name, detail)


def judge_layer(name: str, measure: TensorMeasure, limits: Limits) -> Iterator[Finding]:
    """Findings about the size of one tensor's update."""
    yield from _bound("abs-delta-too-large", name, measure.largest, limits.abs_delta)
    if not math.isfinite(measure.norm):
        yield Finding("update-not-measurable", name, "its norm exceeds float64")
        return
    yield from _bound("layer-update-too-large", name, measure.norm, limits.layer_update)
    yield from _bound(
        "layer-relative-update-too-large", name, measure.relative_norm, limits.layer_relative_update
    )


def judge_whole(norm: float | None, relative: float | None, limits: Limits) -> Iterator[Finding]:
    """Findings about the size of the whole update."""
    if norm is None or relative is None:
        yield Finding("update-not-measurable", "", "no norm: nothing to compare, or beyond float64")
        return
    yield from _bound("global-update-too-large", "", norm, limits.global_update)
    yield from _bound("global-relative-update-too-large", "", relative, limits.global_relative_update)


def whole_norms(measures: Iterable[TensorMeasure], rms_floor: float) -> tuple[float | None, float | None]:
    """Norm of the whole update, and as a multiple of the base's; None where that is no finite number."""
    known = list(measures)
    elements = sum(measure.elements for measure in known)
    norm = math.hypot(*(measure.norm for measure in known))
    if not elements or not math.isfinite(norm):
        return None, None
    base = max(math.hypot(*(measure.base_norm for measure in known)), rms_floor * math.sqrt(elements))
    return norm, norm / base if base else None


def _bound(code: FindingCode, name: str, value: float, limit: float) -> Iterator[Finding]:
    if value > limit:
        yield Finding(code, name, f"{value:.6g}, at most {limit:.6g} is admitted")
