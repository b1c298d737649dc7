"""Coefficients from dot products, held against the same rules computed on the updates themselves."""

import numpy as np
import pytest

from training.merge.rules.coefficients import (
    geometric_median,
    krum_scores,
    multi_krum,
    norm_clipped,
    squared_distances,
)

SIZE = 500


def updates(count, seed=0, around=1.0):
    rng = np.random.default_rng(seed)
    return around + 0.1 * rng.standard_normal((count, SIZE))


def gram(deltas):
    return deltas @ deltas.T


def equal(count):
    return [1 / count] * count


def test_distances_are_those_of_the_updates():
    deltas = updates(5)
    direct = ((deltas[:, None] - deltas[None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(squared_distances(gram(deltas)), direct, atol=1e-9)


def test_the_same_update_twice_is_no_distance_away():
    deltas = np.repeat(updates(1), 2, axis=0) * 1e6
    assert (squared_distances(gram(deltas)) >= 0).all()


def test_a_clipped_update_counts_with_the_bound_for_its_norm():
    deltas = updates(3)
    deltas[2] *= 100
    bound = float(np.linalg.norm(deltas[0]))
    found = norm_clipped(gram(deltas), equal(3), bound)
    assert found[0] == pytest.approx(1 / 3)
    assert np.linalg.norm(deltas[2] * found[2]) == pytest.approx(bound / 3)


def test_an_update_of_zeros_is_not_clipped():
    assert norm_clipped(np.zeros((2, 2)), equal(2), 1.0).tolist() == equal(2)


@pytest.mark.parametrize("bound", [0, -1, float("nan")])
def test_a_norm_is_bounded_by_something(bound):
    with pytest.raises(ValueError, match="above zero"):
        norm_clipped(gram(updates(2)), equal(2), bound)


def test_krum_scores_sum_the_nearest_distances():
    deltas, hostile = updates(7), 2
    distances = np.sort(((deltas[:, None] - deltas[None]) ** 2).sum(axis=2), axis=1)
    np.testing.assert_allclose(krum_scores(gram(deltas), hostile), distances[:, 1:4].sum(axis=1))


@pytest.mark.parametrize("chosen", [1, 3])
def test_krum_chooses_none_of_the_hostile(chosen):
    deltas = updates(7)
    deltas[[2, 5]] = -deltas[[2, 5]]
    found = multi_krum(gram(deltas), 2, chosen)
    assert found[[2, 5]].tolist() == [0, 0]
    assert sorted(found)[-chosen:] == pytest.approx([1 / chosen] * chosen)


def test_of_equal_scores_the_earlier_is_chosen():
    assert multi_krum(np.ones((5, 5)), 1, 1).tolist() == [1, 0, 0, 0, 0]


def test_the_last_digits_of_a_sum_do_not_choose():
    deltas = updates(5) * [[1], [1], [1], [1], [1e6]]
    assert multi_krum(2 * np.eye(5) - np.diag([0, 0, 0, 1e-13, 0]), 1, 1).tolist() == [1, 0, 0, 0, 0]
    assert multi_krum(gram(deltas), 1, 4)[4] == 0


@pytest.mark.parametrize(("count", "hostile"), [(4, 1), (6, 2), (3, -1)])
def test_too_few_updates_for_so_many_hostile_ones(count, hostile):
    with pytest.raises(ValueError, match="at least"):
        krum_scores(gram(updates(count)), hostile)


@pytest.mark.parametrize("chosen", [0, 6])
def test_what_is_chosen_has_bounds(chosen):
    with pytest.raises(ValueError, match="chosen"):
        multi_krum(gram(updates(7)), 2, chosen)


def test_no_nearby_point_has_a_smaller_sum_of_distances():
    deltas = updates(6)
    deltas[0] += 3
    found = geometric_median(gram(deltas), equal(6)) @ deltas
    best = np.linalg.norm(deltas - found, axis=1).sum()
    rng = np.random.default_rng(1)
    for length in (1e-3, 1e-2, 1e-1, 1.0):
        near = found + length * rng.standard_normal((20, SIZE)) / np.sqrt(SIZE)
        assert all(np.linalg.norm(deltas - point, axis=1).sum() > best - 1e-6 for point in near)


def test_a_minority_far_away_hardly_moves_the_geometric_median():
    honest = updates(5)
    hostile = np.full((4, SIZE), -1e6)
    found = geometric_median(gram(np.concatenate([honest, hostile])), equal(9)) @ np.concatenate(
        [honest, hostile]
    )
    spread = np.linalg.norm(honest - honest.mean(axis=0), axis=1).max()
    assert np.linalg.norm(found - honest.mean(axis=0)) < 20 * spread


def test_updates_of_zeros_keep_their_weights():
    assert geometric_median(np.zeros((3, 3)), [1, 1, 2]).tolist() == [0.25, 0.25, 0.5]
