"""Salted commitments: what is opened holds, what was changed does not, and the rest stays unknown."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.signing.canonical import canonicalize
from provenance.signing.commitments import Opening, commit, seal_items, verify_opening
from provenance.signing.errors import CommitmentError

VALUES = st.one_of(st.text(max_size=20), st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none())
ITEMS = st.lists(st.dictionaries(st.text(max_size=8), VALUES, max_size=4), min_size=1, max_size=8)


@given(ITEMS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_each_item_that_is_opened_verifies(items):
    seal = seal_items(items)
    assert [verify_opening(seal.commitment, seal.leaves, opening) for opening in seal.openings] == items


@given(ITEMS, st.integers(0, 7), st.integers(0, 10_000), st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
def test_with_one_bit_changed_nothing_verifies(items, which, place, bit):
    seal = seal_items(items)
    opening = seal.openings[which % len(items)]
    shown = bytearray(canonicalize({"leaves": list(seal.leaves), "opening": opening.as_json()}))
    shown[place % len(shown)] ^= 1 << bit
    try:
        changed = json.loads(bytes(shown).decode())
        again = Opening.from_json(changed["opening"])
        leaves = [str(leaf) for leaf in changed["leaves"]]
    except (ValueError, KeyError, TypeError, CommitmentError):
        return  # it is no opening any more
    if (again, tuple(leaves)) != (opening, seal.leaves):
        with pytest.raises(CommitmentError):
            verify_opening(seal.commitment, leaves, again)


@given(st.lists(st.text("xyz", min_size=12, max_size=20), min_size=2, max_size=6, unique=True))
def test_an_opening_holds_nothing_of_other_items_but_their_number(words):
    seal = seal_items([{"path": word} for word in words])
    shown = json.dumps([seal.leaves, seal.openings[0].as_json()])
    assert not any(word in shown for word in words[1:] if word not in words[0])
    assert not any(opening.salt in shown for opening in seal.openings[1:])
    assert len(seal.leaves) == len(words)


def test_the_same_item_never_has_the_same_leaf_twice():
    seal = seal_items([{"path": "a"}] * 50)
    assert len({*seal.leaves, *seal_items([{"path": "a"}]).leaves}) == 51


def test_the_order_of_the_items_is_not_shown():
    seal = seal_items([{"number": number} for number in range(20)])
    assert list(seal.leaves) == sorted(seal.leaves)
    assert commit(reversed(seal.leaves)) == seal.commitment


def test_an_item_of_another_seal_is_none_of_this_one():
    seal, other = seal_items([{"a": 1}]), seal_items([{"a": 1}])
    with pytest.raises(CommitmentError) as refused:
        verify_opening(seal.commitment, seal.leaves, other.openings[0])
    assert refused.value.code == "opening-mismatch"
    with pytest.raises(CommitmentError) as refused:
        verify_opening(seal.commitment, other.leaves, other.openings[0])
    assert refused.value.code == "commitment-mismatch"


@pytest.mark.parametrize(
    ("leaves", "code"),
    [
        ([], "items-miscounted"),
        (["0" * 64, "0" * 64], "leaves-malformed"),
        (["0" * 63], "leaves-malformed"),
        (["A" * 64], "leaves-malformed"),
    ],
)
def test_leaves_that_no_seal_has_are_refused(leaves, code):
    with pytest.raises(CommitmentError) as refused:
        commit(leaves)
    assert refused.value.code == code


@pytest.mark.parametrize("value", [None, {}, {"item": [], "salt": "0" * 64}, {"item": {}, "salt": "0" * 63}])
def test_what_is_no_opening_is_refused(value):
    with pytest.raises(CommitmentError, match="opening-malformed"):
        Opening.from_json(value)


def test_a_salt_is_not_shown_by_mistake():
    seal = seal_items([{"a": 1}])
    assert seal.openings[0].salt not in f"{seal} {seal.openings[0]}"
    assert replace(seal.openings[0], item={"a": 2}).leaf not in seal.leaves
