"""A merge keeps what either side wrote: in the record, or side by side for people to choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.proposals.merging import Choice, Clash, Merged, is_shown, merge, shown

# Few names and values, so that both sides often meet in the same answer.
leaves = st.sampled_from(["", "a", "b", 0, 1, True, False, None, ["a"], ["a", "b"], []])
records = st.dictionaries(
    st.sampled_from("xyz"),
    st.recursive(
        leaves, lambda inner: st.dictionaries(st.sampled_from("pq"), inner, max_size=2), max_leaves=6
    ),
    max_size=3,
)


def answers(value, path=()):
    """Each answer of a record by its path, apart from how the merge walks."""
    if isinstance(value, dict):
        return {where: each for name, v in value.items() for where, each in answers(v, (*path, name)).items()}
    return {} if value in (None, "", []) else {path: value}


def same(one, other):
    return (type(one), one) == (type(other), other)


def told_of(merged, side):
    """What the record and one side of all clashes say, by path."""
    told = [*answers(merged.record).items()]
    for clash in merged.clashes:
        told += answers(getattr(clash, side), clash.path).items()
    return told


@given(records, records, records)
def test_no_answer_that_a_side_wrote_is_lost(base, theirs, mine):
    merged = merge(shown(base), theirs, mine)
    before = answers(base)
    for side, record in (("theirs", theirs), ("mine", mine)):
        for path, value in answers(record).items():
            if path not in before or not same(before[path], value):
                assert any(at == path and same(value, told) for at, told in told_of(merged, side))


@given(records, records, records)
def test_nothing_is_made_up(base, theirs, mine):
    merged = merge(shown(base), theirs, mine)
    for path, value in answers(merged.record).items():
        assert any(same(value, answers(side).get(path)) for side in (theirs, mine))


@given(records, records)
def test_who_is_alone_needs_no_choice(base, mine):
    assert answers(merge(shown(base), base, mine).record) == answers(mine)
    assert answers(merge(shown(base), mine, base).record) == answers(mine)
    assert merge(shown(base), base, mine).clashes == ()


@given(records, records, records)
def test_both_ways_round_leave_the_same_to_choose(base, theirs, mine):
    one, other = merge(shown(base), theirs, mine), merge(shown(base), mine, theirs)
    assert {clash.path for clash in one.clashes} == {clash.path for clash in other.clashes}


@given(records, records, records, st.sampled_from([Choice.SAVED, Choice.MINE]))
def test_a_choice_for_each_clash_settles_all(base, theirs, mine, choice):
    clashes = merge(shown(base), theirs, mine).clashes
    seen = shown(merge({}, theirs, theirs).record)  # the chooser was shown what is saved
    settled = merge(seen, theirs, mine, {clash.path: choice for clash in clashes})
    assert settled.clashes == ()


@given(records)
def test_what_was_shown_comes_back_in_its_form(record):
    assert is_shown(shown(record))


def test_parts_merge_inside():
    base = {"rights": {"attribution": True, "redistribution": True}, "title": {"en": "Tales"}}
    theirs = {
        "rights": {"attribution": False, "redistribution": True},
        "title": {"en": "Tales", "qu": "Willay"},
    }
    mine = {"rights": {"attribution": True, "redistribution": "unknown"}, "title": {"en": "Winter tales"}}
    assert merge(shown(base), theirs, mine) == Merged(
        {
            "rights": {"attribution": False, "redistribution": "unknown"},
            "title": {"en": "Winter tales", "qu": "Willay"},
        },
        (),
    )


def test_an_answer_taken_away_by_one_and_changed_by_the_other_is_for_people_to_settle():
    merged = merge(shown({"origin": "A"}), {"origin": "B"}, {})
    assert merged == Merged({"origin": "B"}, (Clash(("origin",), "B", None),))


def test_a_choice_holds_only_while_the_saved_answer_is_the_one_that_was_seen():
    mine, choice = {"origin": "M"}, {("origin",): Choice.MINE}
    assert merge(shown({"origin": "T"}), {"origin": "T"}, mine, choice).record == mine
    assert merge(shown({"origin": "T"}), {"origin": "U"}, mine, choice).clashes


def test_who_has_seen_both_and_chosen_neither_overwrites_nothing():
    seen = shown({"origin": "T"})
    merged = merge(seen, {"origin": "T"}, {"origin": "M"}, {("origin",): Choice.OPEN})
    assert (merged.record, len(merged.clashes)) == ({"origin": "T"}, 1)


@pytest.mark.parametrize(
    "forged", [None, "ab", {"a": "short"}, {"a": {"b": {"c": {"d": "0" * 16}}}}, {"a": 1}]
)
def test_what_no_form_was_given_is_told_apart(forged):
    assert not is_shown(forged)
