"""One streaming pass over an update and its base, all checks at once."""

import os
from contextlib import ExitStack
from pathlib import Path

from training.admission.comparing import comparable, compare_layouts
from training.admission.findings import Admission, Finding, FindingCode, TensorMeasure, bounded
from training.admission.judging import judge_layer, judge_values, judge_whole, whole_norms
from training.admission.limits import DEFAULT_LIMITS, Limits
from training.admission.measuring import Running
from training.admission.reading import CHUNK_BYTES, Update, bytes_at, hash_of, opened
from training.codecs import CodecError
from training.tensors import LayoutError, Tensor, TensorLayout


def admit(
    base: Path,
    delta: Path,
    *,
    codec: str = "fp32",
    limits: Limits = DEFAULT_LIMITS,
    chunk_bytes: int = CHUNK_BYTES,
) -> Admission:
    """Check the update in `delta` (what training added to `base`, in `codec`) against its base.

    Reads `chunk_bytes` at a time and lists every problem, not only the first. A file that is no valid
    safetensors is one finding, not-a-tensor; one that its codec does not write is one, codec-mismatch. The
    base may hold non-finite values. Norms are float64.
    Raises LayoutError if the base itself is broken, OSError if a file cannot be read.
    """
    # A chunk holds whole elements of every type.
    chunk = max(chunk_bytes // 8, 1) * 8
    with ExitStack() as stack:
        descriptor = os.open(base, os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, descriptor)
        layout = TensorLayout.read(descriptor)
        try:
            update = stack.enter_context(
                opened(delta, layout, codec=codec, max_header_bytes=limits.header_bytes, chunk=chunk)
            )
            return _Pass(descriptor, layout, update).run(limits)
        except LayoutError as error:
            return _unreadable(delta, "not-a-tensor", error)
        except CodecError as error:
            return _unreadable(delta, "codec-mismatch", error)


class _Pass:
    """The pass, in the order in which the update is read."""

    def __init__(self, base_file: int, base: TensorLayout, update: Update) -> None:
        self._base_file, self._base, self._update = base_file, base, update
        self._expected = base.by_name

    def run(self, limits: Limits) -> Admission:
        layout = self._update.layout
        findings = sorted(compare_layouts(self._base, layout), key=lambda found: (found.code, found.tensor))
        measures: dict[str, TensorMeasure] = {}
        for tensor in layout.tensors:
            running = self._read(tensor)
            if running is None:
                findings.append(
                    Finding("update-not-measurable", tensor.name, f"{tensor.dtype.name} has no norm")
                )
                continue
            findings += judge_values(tensor.name, running)
            if comparable(self._expected.get(tensor.name), tensor):
                measures[tensor.name] = measure = running.measure(limits.base_rms_floor)
                findings += judge_layer(tensor.name, measure, limits)
        norm, relative = whole_norms(measures.values(), limits.base_rms_floor)
        findings += judge_whole(norm, relative, limits)
        elements = sum(measure.elements for measure in measures.values())
        kept = bounded(findings, limits.findings_per_code)
        return Admission(kept, norm, relative, measures, self._update.sha256(), elements)

    def _read(self, tensor: Tensor) -> Running | None:
        """Measure one tensor; None for types without a norm, whose bytes are only hashed."""
        expected = self._expected.get(tensor.name)
        running = Running(tensor.dtype) if tensor.dtype.is_float else None
        paired = expected if expected is not None and comparable(expected, tensor) else None
        for start, raw in self._update.chunks(tensor):
            if running is None:
                continue
            begin = None if paired is None else self._base.data_start + paired.begin + start
            running.add(raw, None if begin is None else bytes_at(self._base_file, begin, raw.size))
        return running


def _unreadable(delta: Path, code: FindingCode, error: Exception) -> Admission:
    with delta.open("rb") as file:
        sha256 = hash_of(file.fileno())
    findings = (Finding(code, "", str(error)), *judge_whole(None, None, DEFAULT_LIMITS))
    return Admission(findings, None, None, {}, sha256, 0)
