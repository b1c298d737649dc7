"""Order statistics against NumPy's own, and what hostile updates can do to them."""

import itertools

import numpy as np
import pytest

from training.merge.rules.order import TILE, comparisons, coordinate_median, trimmed_mean

F32 = np.float32


def updates(count, size=3 * TILE + 17, seed=0):
    return np.random.default_rng(seed).standard_normal((count, size)).astype(F32)


@pytest.mark.parametrize("count", range(1, 8))
def test_every_order_of_zeros_and_ones_comes_out_sorted(count):
    """A network that sorts all of them sorts everything (Knuth's 0-1 principle)."""
    pairs = comparisons(count, frozenset(range(count)))
    for bits in itertools.product((0, 1), repeat=count):
        rows = list(bits)
        for low, high in pairs:
            rows[low], rows[high] = min(rows[low], rows[high]), max(rows[low], rows[high])
        assert rows == sorted(bits)


@pytest.mark.parametrize("count", range(1, 10))
def test_the_median_is_numpys(count):
    deltas = updates(count)
    np.testing.assert_array_equal(
        coordinate_median(deltas), np.median(deltas.astype(np.float64), axis=0).astype(F32)
    )


def test_fewer_comparisons_than_a_whole_sort():
    assert len(comparisons(9, frozenset({4}))) < len(comparisons(9, frozenset(range(9))))


@pytest.mark.parametrize(("count", "trim"), [(3, 1), (5, 1), (8, 3), (9, 0)])
def test_the_trimmed_mean_is_that_of_the_sorted_values(count, trim):
    deltas = updates(count)
    wide = np.sort(deltas.astype(np.float64), axis=0)[trim : count - trim].mean(axis=0)
    np.testing.assert_allclose(trimmed_mean(deltas, trim), wide, rtol=0, atol=1e-6)


@pytest.mark.parametrize("trim", [-1, 2, 3])
def test_something_has_to_be_left(trim):
    with pytest.raises(ValueError, match="cut off"):
        trimmed_mean(updates(4), trim)


@pytest.mark.parametrize("hostile", [1, 2, 3])
def test_a_minority_cannot_leave_the_range_of_the_honest(hostile):
    honest = updates(7 - hostile)
    all_ = np.concatenate([honest, np.full((hostile, honest.shape[1]), 1e30, F32)])
    for found in (coordinate_median(all_), trimmed_mean(all_, hostile)):
        assert (found <= honest.max(axis=0)).all()
        assert (found >= honest.min(axis=0)).all()


def test_the_updates_themselves_stay_as_they_are():
    deltas = updates(5)
    before = deltas.copy()
    coordinate_median(deltas)
    np.testing.assert_array_equal(deltas, before)
