"""TIES and DARE: what is kept, and that chunks do not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.merge.rules.sparse import bin_of, dare, drawn, lower_counts, threshold, ties, upper_counts

F32 = np.float32
FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


def found_in_pieces(values, kept, chunk=7):
    pieces = [values[start : start + chunk] for start in range(0, len(values), chunk)]
    upper = sum(upper_counts(piece) for piece in pieces)
    lower = sum(lower_counts(piece, bin_of(upper, kept)) for piece in pieces)
    return threshold(upper, lower, kept)


@given(arrays(F32, st.integers(1, 60), elements=FINITE), st.data())
def test_the_threshold_is_the_magnitude_of_that_rank(values, data):
    kept = data.draw(st.integers(1, len(values)))
    assert found_in_pieces(values, kept) == np.sort(np.abs(values))[::-1][kept - 1]


def test_ties_of_the_papers_picture():
    """Trim, elect the sign of what is left, and average those that agree."""
    deltas = np.array([[3, -1, 0.1, 2], [-1, -2, 4, -2], [2, 5, -0.1, 0]], F32)
    found = ties(deltas, [F32(1)] * 3)
    np.testing.assert_allclose(found, [2.5, 5, 4, 0])


def test_a_threshold_of_nothing_keeps_no_zeros():
    np.testing.assert_array_equal(ties(np.array([[0, 4], [2, 0]], F32), [F32(0), F32(0)]), [2, 4])


@pytest.mark.parametrize("start", [0, 1, 7, 8, 9, 1000])
def test_a_stretch_is_drawn_as_it_is_within_the_whole(start):
    whole = drawn(5, "ab" * 32, 0, 2000, 0.3)
    np.testing.assert_array_equal(drawn(5, "ab" * 32, start, 333, 0.3), whole[start : start + 333])


def test_each_update_and_seed_has_draws_of_its_own():
    draws = [drawn(seed, digest * 32, 0, 500, 0.5) for seed in (1, 2) for digest in ("ab", "cd")]
    assert len({draw.tobytes() for draw in draws}) == 4


@pytest.mark.parametrize("drop", [0.0, 0.3, 0.9])
def test_as_many_are_dropped_as_were_asked_for(drop):
    kept = drawn(1, "ab" * 32, 0, 200_000, drop)
    assert kept.mean() == pytest.approx(1 - drop, abs=0.005)


def test_what_is_kept_makes_up_for_what_is_dropped():
    values = np.ones(200_000, F32)
    found = dare(values, drawn(1, "ab" * 32, 0, len(values), 0.9), 0.9)
    assert set(np.unique(found)) == {F32(0), F32(1 / 0.1)}
    assert found.mean() == pytest.approx(1, abs=0.03)
