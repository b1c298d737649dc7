"""The next base from its parent and the accepted updates, in one pass over the bytes, or two (INV-5)."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.merge.errors import MergeError
from training.merge.inputs import CHUNK_BYTES, Inputs, opened_inputs
from training.merge.output import HashedFile
from training.merge.plan import NOTHING, MergePlan, plan_merge
from training.merge.resolving import Resolved, resolve
from training.merge.spans import Write, merge_span, survey, surveys_of
from training.merge.state import state_header
from training.merge.sums import Sums

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What a merge wrote, and what it learned on the way. All arrays are in the order of ``digests``.

    Attributes:
        sha256: of the next base's file; ``bytes`` is its size.
        digests: of the contributions, in the order in which they were summed.
        rule: its name.
        parameters: the rule's, as the recipe writes them, with the coefficients that were found.
        coefficients: how much of each update is in the aggregated one; None where the rule is not linear.
        server: what the recipe says of the outer optimizer; None for the plain one.
        state_sha256: of the server's next state; empty without one.
        gram: dot products of the updates over all elements, float64; norms, cosines and distances follow.
            Empty without evidence, like the two below.
        sign_agreement: of each update, the share of elements whose sign is that of the aggregated update,
            among those where both are not zero; 0 where there are none.
        retained: of each update, its dot product with the aggregated one, over its squared norm.
        seconds: with the sync to disk.
    """

    sha256: str
    bytes: int
    digests: list[str]
    rule: str
    parameters: dict[str, Any]
    coefficients: dict[str, Fraction] | None
    server: dict[str, Any] | None
    state_sha256: str
    gram: Matrix
    sign_agreement: Vector
    retained: Vector
    seconds: float

    @property
    def norms(self) -> Vector:
        """Euclidean norm of each update."""
        return np.sqrt(self.gram.diagonal())

    @property
    def cosines(self) -> Matrix:
        """Cosine between each two updates, 0 where one of them is zero."""
        return _ratio(self.gram, np.outer(self.norms, self.norms))


def merge(  # noqa: PLR0913 - all that a recipe says, and where the files are
    base: Path,
    updates: Mapping[str, Path],
    out: Path,
    *,
    rule: str = "mean",
    parameters: Mapping[str, Any] = NOTHING,
    server: Mapping[str, Any] | None = None,
    state: Path | None = None,
    state_out: Path | None = None,
    codec: str = "fp32",
    evidence: bool = True,
    chunk_bytes: int = CHUNK_BYTES,
) -> Merged:
    """Write base + server(rule(updates)) to `out`, and the server's state to `state_out`.

    The base is float32; the updates, by the digests of their contributions, have its tensors, are all in
    `codec`, and are read as float32. They are taken in the order of their digests, and every step is rounded
    to float32, so the bytes depend on neither order of arrival, chunk size, machine nor process. `out` has
    the base's header, byte for byte. Memory is 2 × (updates + 1) × `chunk_bytes` and some.

    `parameters` and `server` are as in a recipe. Coefficients among them are used; else a rule that needs
    some finds them in a pass of its own. `state` is the parent's; without it an optimizer starts from zeros.

    Raises:
        MergeError: rule-unknown, parameters-invalid, no-contributions, weights-mismatch, layout-mismatch,
            dtype-mismatch, codec-mismatch (another codec, or a file that its codec does not write),
            state-mismatch, non-finite (in an update; a base may hold an -inf mask),
            value-overflows-base-dtype.
        LayoutError: a file is not safetensors, or shrank while it was read.
        OSError: reading or writing failed. Each output is complete or untouched in every case, and `out`
            appears last.
    """
    started = time.perf_counter()
    plan = plan_merge(
        base, updates, rule=rule, parameters=parameters, server=server, state=state, codec=codec
    )
    if plan.arrays and state_out is None:
        raise MergeError("state-mismatch", "a server that remembers needs a file to write to")
    with ExitStack() as stack:
        inputs = stack.enter_context(opened_inputs(plan, chunk_bytes))
        target = stack.enter_context(HashedFile(out))
        kept = stack.enter_context(HashedFile(state_out)) if plan.arrays and state_out else None
        resolved, sums = run(inputs, target.write, kept.write if kept else None, evidence=evidence)
    return concluded(
        plan,
        resolved,
        sums,
        sha256=target.sha256,
        size=target.bytes,
        state_sha256=kept.sha256 if kept else "",
        seconds=time.perf_counter() - started,
    )


def run(
    inputs: Inputs, write: Write, write_state: Write | None, *, evidence: bool = True
) -> tuple[Resolved, Sums]:
    """Give the bytes of a next base, and of its server's state, to writers; raises as `merge` does."""
    plan, found = inputs.plan, dict[str, NDArray[Any]]()
    for kind in surveys_of(plan):
        found |= survey(inputs, kind, inputs.whole, found)
    resolved = resolve(plan, inputs.elements, found)
    write(memoryview(inputs.base.header))
    if write_state is not None:
        write_state(memoryview(state_header(plan, inputs.elements)))
    sums = merge_span(inputs, resolved, inputs.whole, write, write_state or _nowhere, evidence=evidence)
    return resolved, sums


def concluded(
    plan: MergePlan,
    resolved: Resolved,
    sums: Sums,
    *,
    sha256: str,
    size: int,
    state_sha256: str = "",
    seconds: float = 0.0,
) -> Merged:
    """Return what is known of a merge, from what `merge_span` counted over all spans."""
    gram = sums.get("gram", np.zeros((0, 0)))
    nothing, exact = np.zeros(len(gram)), resolved.coefficients
    along = sums.get("along", nothing)
    if exact is not None and len(gram):
        along = gram @ np.array([float(exact[digest]) for digest in plan.digests])
    return Merged(
        sha256=sha256,
        bytes=size,
        digests=plan.digests,
        rule=plan.rule.name,
        parameters=dict(resolved.parameters),
        coefficients=None if resolved.coefficients is None else dict(resolved.coefficients),
        server=None if plan.server_said is None else dict(plan.server_said),
        state_sha256=state_sha256,
        gram=gram,
        sign_agreement=_ratio(sums.get("agreeing", nothing), sums.get("comparable", nothing)),
        retained=_ratio(along, gram.diagonal()),
        seconds=seconds,
    )


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> Vector:
    found: Vector = np.divide(above, below, out=np.zeros(np.shape(above)), where=below > 0)
    return found


def _nowhere(_data: memoryview) -> None:
    """A server without state writes none."""
