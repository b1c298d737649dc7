"""One base of a bundle, computed again into a file: to go on from it, or to see where it differs."""

import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from training.merge import ArchitectureConfig, initial_weights, merge
from training.merge.verifying import INITIAL
from training.node.errors import JobError
from training.node.verifying.bundles import Bundle, Origin
from training.node.verifying.computing import inputs_of
from training.node.verifying.statements import read_statements
from training.tensors import TensorLayout

NAMED: Final = 5
"""Tensors that are named at most."""


def write_again(bundle: Bundle, origin: Origin) -> None:
    """Put the weights of a base, and its server's state, into its bundle.

    Raises:
        JobError: ``weights-differ``. MergeError, LayoutError: its inputs can not be merged.
    """
    made = origin.made
    with tempfile.TemporaryDirectory(dir=bundle.blob("").parent) as name:
        folder = Path(name)
        if compute_into(bundle, origin, folder) != made.weights.sha256:
            raise JobError(
                "weights-differ", f"{origin.name} came out with other bytes than its document says"
            )
        (folder / "weights").replace(bundle.blob(made.weights.sha256))
        if made.server_state is not None:
            (folder / "state").replace(bundle.blob(made.server_state.sha256))


def compute_into(bundle: Bundle, origin: Origin, folder: Path) -> str:
    """Write ``weights`` and, where there is one, ``state`` into a folder; return the weights' sha256."""
    recipe = origin.document["recipe"]
    out, parameters = folder / "weights", recipe["parameters"]
    if recipe["rule"] == INITIAL:
        config = ArchitectureConfig.model_validate(parameters["architecture"])
        return initial_weights(config, parameters["seed"], out).sha256
    given = inputs_of(bundle, origin, read_statements(origin).files)
    merged = merge(
        given.base or Path(),
        given.updates,
        out,
        rule=recipe["rule"],
        parameters=parameters,
        server=recipe.get("server"),
        state=given.state,
        state_out=folder / "state",
        codec=recipe["codec"],
        evidence=False,
    )
    return merged.sha256


def differing_tensors(bundle: Bundle, origin: Origin) -> list[str]:
    """Return lines that name the tensors in which a base differs from what comes out of its recipe."""
    there = bundle.blob(origin.made.weights.sha256)
    if not there.is_file():
        return []
    with tempfile.TemporaryDirectory(dir=there.parent) as name:
        compute_into(bundle, origin, Path(name))
        return _compare(there, Path(name) / "weights")


def _compare(there: Path, here: Path) -> list[str]:
    layout, ours = TensorLayout.read(there), TensorLayout.read(here)
    if not layout.same_places(ours):
        return ["the two files do not hold the same tensors"]
    first, second = (
        np.memmap(path, np.uint8, "r", offset=each.data_start)
        for path, each in ((there, layout), (here, ours))
    )
    lines = []
    for tensor in layout.tensors:
        pair = first[tensor.begin : tensor.end], second[tensor.begin : tensor.end]
        if not np.array_equal(*pair):
            a, b = (part.view("<f4") for part in pair)
            unlike = a.view("<u4") != b.view("<u4")
            lines.append(f"{tensor.name}: {np.count_nonzero(unlike):,} of {len(a):,} values")
    more = len(lines) - NAMED
    return lines if more <= 0 else [*lines[:NAMED], f"and {more} more tensors"]
