"""Looking at a span of elements, and merging it: the same code for all of a model, and for ranges of it.

A model whose ranges are merged by several workers goes through three steps. Each worker surveys its range
and sends the sums as JSON (`sums.to_json`); one adds them up and resolves them, once; each worker merges its
range into a part and sends what it counted; one joins header and parts in order and hashes them, which
`training.rounds.ranges` does. `merge` is the same over one span. The bytes are the same however the elements
are split.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal

import numpy as np

from training.merge.aggregating import Aggregate
from training.merge.errors import MergeError
from training.merge.evidence import evidence_of, products
from training.merge.inputs import Inputs, Rows, Span
from training.merge.parameters import Ties
from training.merge.plan import MergePlan
from training.merge.resolving import Resolved, kept_of
from training.merge.rules.sparse import bin_of, lower_counts, upper_counts
from training.merge.streams import F32
from training.merge.sums import Sums, total

Survey = Literal["gram", "upper", "lower"]
Write = Callable[[memoryview], object]


def surveys_of(plan: MergePlan) -> tuple[Survey, ...]:
    """Return which surveys a plan needs before it can be resolved, in their order; most need none."""
    if isinstance(plan.parameters, Ties):
        return "upper", "lower"
    if plan.rule.found and getattr(plan.parameters, "coefficients", None) is None:
        return ("gram",)
    return ()


def survey(inputs: Inputs, kind: Survey, span: Span, sums: Sums) -> Sums:
    """Look at the updates in a span; ``sums`` are those of the surveys before, over all spans.

    Returns:
        Under the survey's name: ``gram``, the dot products, (updates, updates) float64; ``upper`` and
        ``lower``, counts of halves of magnitudes, (updates, 65536) int64.

    Raises:
        MergeError: non-finite, codec-mismatch. LayoutError: a file shrank.
    """
    if kind == "gram":
        return total(inputs.over_updates(span, partial(_gram, inputs)))
    given = inputs.plan.parameters
    assert isinstance(given, Ties)  # noqa: S101 - for mypy
    if kind == "upper":
        return total(inputs.over_updates(span, partial(_upper, inputs)))
    kept = kept_of(given, inputs.elements)
    bins = [bin_of(upper, kept) for upper in sums["upper"]]
    return total(inputs.over_updates(span, partial(_lower, bins)))


def merge_span(
    inputs: Inputs,
    resolved: Resolved,
    span: Span,
    write: Write,
    write_state: Write,
    *,
    evidence: bool = True,
) -> Sums:
    """Give the bytes of a span of the next base, and of the server's next state, to two writers, in order.

    Returns:
        With evidence, what `evidence_of` says of the span; else nothing.

    Raises:
        MergeError: non-finite (in an update; a base may hold an -inf mask), value-overflows-base-dtype.
    """
    aggregate = Aggregate(inputs.plan, resolved)

    def look(start: int, rows: Rows) -> tuple[Rows, Rows, Sums]:
        base, deltas = rows[0], rows[1:]
        together = _together(inputs, aggregate, start, deltas)
        sums = evidence_of(deltas, together, linear=inputs.plan.rule.linear) if evidence else {}
        result, state = _step(inputs, start, together, base)
        _check_result(inputs, start, result, base)
        _check(inputs, start, deltas, state)
        return result, state, sums

    def written() -> Iterator[Sums]:
        for result, state, sums in inputs.over_all(span, look):
            write(result.data)
            if len(state):
                write_state(np.ascontiguousarray(state.T).data)
            yield sums

    return total(written())


def _together(inputs: Inputs, aggregate: Aggregate, start: int, deltas: Rows) -> Rows:
    if not inputs.plan.rule.linear:
        inputs.refuse_non_finite(start, deltas)
    with np.errstate(over="ignore", invalid="ignore"):
        together = aggregate(deltas, start)
    _check(inputs, start, deltas, together)
    return together


def _step(inputs: Inputs, start: int, together: Rows, base: Rows) -> tuple[Rows, Rows]:
    """Return the next base and the server's next state, shape (arrays, elements); reuses ``together``."""
    state = inputs.state(start, len(base)) if inputs.plan.arrays else np.empty((0, len(base)), F32)
    with np.errstate(over="ignore", invalid="ignore"):
        result = inputs.plan.server.step(together, state)
        result += base
    return result, state


def _gram(inputs: Inputs, start: int, deltas: Rows) -> Sums:
    gram = products(deltas)
    # Squares of finite float32 cannot overflow float64: the diagonal is finite if every element is.
    if not np.isfinite(gram.diagonal()).all():
        inputs.refuse_non_finite(start, deltas)
    return {"gram": gram}


def _upper(inputs: Inputs, start: int, deltas: Rows) -> Sums:
    inputs.refuse_non_finite(start, deltas)
    return {"upper": np.stack([upper_counts(delta) for delta in deltas])}


def _lower(bins: Sequence[int], _start: int, deltas: Rows) -> Sums:
    return {"lower": np.stack([lower_counts(delta, bin_) for delta, bin_ in zip(deltas, bins, strict=True)])}


def _check(inputs: Inputs, start: int, deltas: Rows, found: Rows) -> None:
    """A weighted sum is finite only if its updates are; if they are, their sum was too large."""
    finite = np.isfinite(found)
    if not finite.all():
        inputs.refuse_non_finite(start, deltas)
        column = int(np.argmin(finite.reshape(-1, found.shape[-1]).all(axis=0)))
        _overflows(inputs, start + column)


def _check_result(inputs: Inputs, start: int, result: Rows, base: Rows) -> None:
    finite = np.isfinite(result)
    if not finite.all():
        differs = finite != np.isfinite(base)
        if differs.any():
            _overflows(inputs, start + int(np.argmax(differs)))


def _overflows(inputs: Inputs, element: int) -> None:
    raise MergeError(
        "value-overflows-base-dtype", f"a value of {inputs.tensor_at(element)!r} is too large for float32"
    )
