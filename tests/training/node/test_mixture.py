"""Whose turn it is: shares that are kept, in an order that the seed decides."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.node.reading.mixture import Mixture

SHARES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 1), min_size=1)


@given(SHARES, st.integers(0, 99), st.integers(1, 500))
def test_after_any_number_of_turns_the_shares_are_kept(shares, seed, turns):
    had = Counter(islice(Mixture(shares, seed=seed), turns))
    whole = sum(shares.values())
    assert all(abs(had[name] - turns * share / whole) < len(shares) for name, share in shares.items())


@given(SHARES, st.integers(0, 99), st.integers(0, 99))
def test_a_mixture_goes_on_where_it_was(shares, before, after):
    mixture, again = Mixture(shares, seed=3), Mixture(shares, seed=3)
    list(islice(mixture, before))
    again.load_state_dict(mixture.state_dict())
    assert list(islice(again, after)) == list(islice(mixture, after))


def test_the_seed_decides_the_order():
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    first, same, other = (list(islice(Mixture(shares, seed=seed), 20)) for seed in (1, 1, 2))
    assert first == same
    assert first != other


def test_who_is_left_out_leaves_its_turns_to_the_others():
    mixture = Mixture({"a": 0.5, "b": 0.5}, seed=1)
    mixture.leave_out("a", heirs=[])
    assert list(islice(mixture, 3)) == ["b", "b", "b"]
    mixture.leave_out("b", heirs=[])
    assert list(mixture) == []


def test_the_heirs_of_who_is_left_out_get_all_of_its_share():
    mixture, again = (Mixture({"a1": 0.3, "a2": 0.3, "b": 0.4}, seed=1) for _ in range(2))
    list(islice(mixture, 2))
    mixture.leave_out("a1", heirs=["a2"])
    again.load_state_dict(mixture.state_dict())
    had = Counter(islice(mixture, 1000))
    assert had["a2"] == pytest.approx(600, abs=3)
    assert Counter(islice(again, 1000)) == had
