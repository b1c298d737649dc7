"""No member weighs more than the members voted for; who repeats the computation gets the same fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from training.merge import MergeError, merge, recipe, rule_and_parameters, weigh, weights_of
from training.merge.weighting import capped_shares

F32 = np.float32
COUNTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 40), min_size=1)
CAPS = st.integers(1, 20).map(lambda step: 5 * step)


@given(COUNTS, CAPS)
def test_shares_add_up_to_one_and_nobody_is_above_the_cap_that_can_be_kept(counts, cap):
    shares = capped_shares(counts, cap)
    assert sum(shares.values()) == 1
    assert max(shares.values()) <= max(Fraction(cap, 100), Fraction(1, len(counts)))
    assert min(shares.values()) > 0


@given(COUNTS, CAPS)
def test_who_contributed_more_never_weighs_less(counts, cap):
    shares = capped_shares(counts, cap)
    order = sorted(counts, key=counts.__getitem__)
    assert [shares[member] for member in order] == sorted(shares.values())


@given(COUNTS)
def test_without_a_cap_every_contribution_weighs_the_same(counts):
    members = {f"{member}{n}": member for member, count in counts.items() for n in range(count)}
    assert set(weigh(members, 100).values()) == {Fraction(1, len(members))}


def test_the_excess_goes_to_the_others_in_equal_parts():
    assert capped_shares({"a": 7, "b": 2, "c": 1}, 50) == {
        "a": Fraction(1, 2),
        "b": Fraction(3, 10),
        "c": Fraction(1, 5),
    }
    assert capped_shares({"a": 9, "b": 1}, 40) == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert capped_shares({"a": 3}, 5) == {"a": 1}


def test_a_recipe_says_the_weights_and_gives_them_back():
    weights = weigh({"d1": "a", "d2": "a", "d3": "b"}, 50)
    rule, parameters = rule_and_parameters(weights, 50)
    said = recipe(
        parent_digest="p", contribution_digests=["d3", "d1", "d2"], rule=rule, parameters=parameters
    )
    assert said["parameters"]["weights"] == {"d1": "1/4", "d2": "1/4", "d3": "1/2"}
    assert weights_of(said) == [Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)]


def test_equal_weights_are_the_plain_mean_with_the_plain_recipe():
    assert rule_and_parameters(weigh({"d1": "a", "d2": "b"}, 50), 50) == ("mean", {})
    assert weights_of({"rule": "mean", "parameters": {}, "contributions": ["d1", "d2"]}) is None


@pytest.fixture
def files(tmp_path):
    def write(seed):
        values = np.random.default_rng(seed).standard_normal((97, 13)).astype(F32)
        save_file({"head": values}, tmp_path / str(seed))
        return tmp_path / str(seed)

    return [write(seed) for seed in range(4)]


@pytest.mark.parametrize("chunk_bytes", [4, 60, 1 << 18])
def test_inv_5_weighted_arithmetic_is_float32_in_the_given_order(files, tmp_path, chunk_bytes):
    said = {"weights": {"d1": "1/2", "d2": "1/3", "d3": "1/6"}}
    updates = dict(zip(("d1", "d2", "d3"), files[1:], strict=True))
    merge(
        files[0],
        updates,
        tmp_path / "next",
        rule="weighted-mean",
        parameters=said,
        chunk_bytes=chunk_bytes,
    )
    base, first, *rest = (load_file(path)["head"] for path in files)
    total = first * F32(0.5)
    for delta, factor in zip(rest, (F32(1 / 3), F32(1 / 6)), strict=True):
        total += delta * factor
    assert load_file(tmp_path / "next")["head"].tobytes() == (total + base).tobytes()


@pytest.mark.parametrize(
    "weights", [["1"], ["1/2"] * 3, ["1", "0"], ["1/2", "1/2", "0"], ["1/3", "1/3", "1/3", "0"]]
)
def test_weights_that_do_not_fit_are_refused(files, tmp_path, weights):
    said = {"weights": {f"d{number}": weight for number, weight in enumerate(weights, 1)}}
    updates = dict(zip(("d1", "d2", "d3"), files[1:], strict=True))
    with pytest.raises(MergeError) as caught:
        merge(files[0], updates, tmp_path / "next", rule="weighted-mean", parameters=said)
    assert caught.value.code == "weights-mismatch"
    assert not (tmp_path / "next").exists()
