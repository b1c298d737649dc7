"""Attacks are what their papers say."""

import numpy as np
import pytest

from tests.training.node.conftest import SMALL
from training.experiment.attacks import ATTACKS, Scene, largest_shift, read_vector, write_vector
from training.merge import initial_weights


@pytest.fixture
def scene() -> Scene:
    random = np.random.default_rng(5)
    honest = [random.normal(1, 0.5, 1000).astype(np.float32) for _ in range(5)]
    own = [random.normal(1, 0.5, 1000).astype(np.float32) for _ in range(2)]
    return Scene(honest=honest, own=own, stale=own, poisoned=own, seed=1)


def cosine(one, other):
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def test_a_flipped_sign_points_the_other_way_with_the_same_length(scene):
    sent = ATTACKS["sign flip"](scene)
    assert [cosine(a, b) for a, b in zip(sent, scene.own, strict=True)] == pytest.approx([-1, -1])


def test_scaling_keeps_the_direction(scene):
    sent = ATTACKS["scaling × 50"](scene)[0]
    assert cosine(sent, scene.own[0]) == pytest.approx(1)
    assert np.linalg.norm(sent) == pytest.approx(50 * np.linalg.norm(scene.own[0]), rel=1e-5)


def test_noise_has_the_length_of_an_honest_update_and_its_direction_by_chance(scene):
    first, second = ATTACKS["Gaussian noise"](scene)
    assert np.linalg.norm(first) == pytest.approx(np.linalg.norm(scene.own[0]), rel=1e-5)
    assert abs(cosine(first, second)) < 0.1


@pytest.mark.parametrize(
    ("count", "hostile", "shift"), [(50, 24, 1.426), (7, 2, 0.253), (7, 3, 0.674), (7, 1, 0)]
)
def test_little_is_enough_shifts_as_far_as_its_supporters_allow(count, hostile, shift):
    assert largest_shift(count, hostile) == pytest.approx(shift, abs=1e-3)


def test_little_is_enough_hides_in_the_spread_of_each_coordinate(scene):
    first, second = ATTACKS["ALIE"](scene)
    honest = np.stack(scene.honest)
    assert (first == second).all()
    assert np.allclose((honest.mean(axis=0) - first) / honest.std(axis=0), largest_shift(7, 2), atol=1e-3)


def test_an_update_that_is_written_is_the_one_that_is_read(tmp_path):
    like, out = tmp_path / "like.safetensors", tmp_path / "out.safetensors"
    initial_weights(SMALL, 1, like)
    values = read_vector(like)
    write_vector(-values, like, out)
    assert (read_vector(out) == -values).all()
    assert out.stat().st_size == like.stat().st_size
