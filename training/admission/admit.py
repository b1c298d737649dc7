"""One streaming pass over an update and its base, all checks at once."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.admission.comparing import comparable, compare_layouts
from training.admission.findings import Admission, Finding, TensorMeasure, bounded
from training.admission.judging import judge_layer, judge_values, judge_whole, whole_norms
from training.admission.limits import DEFAULT_LIMITS, Limits
from training.admission.measuring import Running
from training.tensors import LayoutError, Tensor, TensorLayout, read_exactly, read_into

CHUNK_BYTES = 1 << 20


def admit(
    base: Path, delta: Path, *, limits: Limits = DEFAULT_LIMITS, chunk_bytes: int = CHUNK_BYTES
) -> Admission:
    """Check the update in `delta` (safetensors, what training added to `base`) against its base.

    Reads each file once, `chunk_bytes` at a time, and lists every problem, not only the first. A file that is
    no valid safetensors is one finding, not-a-tensor. The base may hold non-finite values. Norms are float64.
    Raises LayoutError if the base itself is broken, OSError if a file cannot be read.
    """
    with ExitStack() as stack:
        descriptors = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in (base, delta)]
        for descriptor in descriptors:
            stack.callback(os.close, descriptor)
        base_layout = TensorLayout.read(descriptors[0])
        try:
            layout = TensorLayout.read(descriptors[1], max_header_bytes=limits.header_bytes)
        except LayoutError as error:
            return _unreadable(descriptors[1], error, chunk_bytes)
        return _Pass(descriptors, base_layout, layout, chunk_bytes).run(limits)


class _Pass:
    """The pass: tensors in the order of the update's bytes, so that the file's hash comes out of it too."""

    def __init__(
        self, descriptors: list[int], base: TensorLayout, delta: TensorLayout, chunk_bytes: int
    ) -> None:
        self._base_file, self._delta_file = descriptors
        self._base, self._delta = base, delta
        self._expected = base.by_name
        # A chunk holds whole elements of every type.
        self._chunk = max(chunk_bytes // 8, 1) * 8
        self._sha256 = hashlib.sha256(read_exactly(self._delta_file, delta.data_start, 0))

    def run(self, limits: Limits) -> Admission:
        findings = sorted(
            compare_layouts(self._base, self._delta), key=lambda found: (found.code, found.tensor)
        )
        measures: dict[str, TensorMeasure] = {}
        for tensor in self._delta.tensors:
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
        return Admission(kept, norm, relative, measures, self._sha256.hexdigest(), elements)

    def _read(self, tensor: Tensor) -> Running | None:
        """Measure one tensor; None for types without a norm, whose bytes are only hashed."""
        expected = self._expected.get(tensor.name)
        running = Running(tensor.dtype) if tensor.dtype.is_float else None
        paired = expected if expected is not None and comparable(expected, tensor) else None
        for start, raw in self._chunks(tensor):
            if running is not None:
                running.add(raw, None if paired is None else self._base_bytes(paired, start, raw.size))
        return running

    def _chunks(self, tensor: Tensor) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        for start in range(0, tensor.end - tensor.begin, self._chunk):
            size = min(self._chunk, tensor.end - tensor.begin - start)
            raw = _bytes_at(self._delta_file, self._delta.data_start + tensor.begin + start, size)
            self._sha256.update(raw.data)
            yield start, raw

    def _base_bytes(self, tensor: Tensor, start: int, size: int) -> NDArray[np.uint8]:
        return _bytes_at(self._base_file, self._base.data_start + tensor.begin + start, size)


def _bytes_at(descriptor: int, offset: int, size: int) -> NDArray[np.uint8]:
    raw = np.empty(size, np.uint8)
    read_into(descriptor, raw.data, offset)
    return raw


def _unreadable(descriptor: int, error: LayoutError, chunk_bytes: int) -> Admission:
    sha256 = hashlib.sha256()
    offset = 0
    while part := os.pread(descriptor, chunk_bytes, offset):
        sha256.update(part)
        offset += len(part)
    findings = (Finding("not-a-tensor", "", str(error)), *judge_whole(None, None, DEFAULT_LIMITS))
    return Admission(findings, None, None, {}, sha256.hexdigest(), 0)
