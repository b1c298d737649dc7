"""What a look over a span of elements counts: named arrays that add up over spans, and travel as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sums = Mapping[str, NDArray[Any]]


def total(parts: Iterable[Sums]) -> dict[str, NDArray[Any]]:
    """Add up, name by name, what was found in several spans: whole numbers exactly, others in float64."""
    found: dict[str, NDArray[Any]] = {}
    for part in parts:
        for name, values in part.items():
            if name in found:
                found[name] += values
            else:
                found[name] = values.copy()
    return found


def to_json(sums: Sums) -> dict[str, Any]:
    """Return them as JSON values; of the many counts only those that are not zero."""
    return {name: _sparse(values) for name, values in sums.items()}


def from_json(said: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return what `to_json` wrote, number for number."""
    return {name: _dense(entry) for name, entry in said.items()}


def _sparse(values: NDArray[Any]) -> dict[str, Any]:
    flat = values.ravel()
    (places,) = np.nonzero(flat)
    return {
        "type": values.dtype.name,
        "shape": list(values.shape),
        "at": places.tolist(),
        "values": flat[places].tolist(),
    }


def _dense(entry: Mapping[str, Any]) -> NDArray[Any]:
    flat = np.zeros(int(np.prod(entry["shape"], dtype=np.int64)), entry["type"])
    flat[entry["at"]] = entry["values"]
    return flat.reshape(entry["shape"])
