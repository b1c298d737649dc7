"""INV-2: tiers are ordered, and no sequence of derivations comes out less restricted than what went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.policy import Facts, Operation, decide
from catalog.tiers import RULES, Tier, at_least_as_strict, strictest
from provenance.actors import COORDINATOR
from tests.catalog.policy.characters import any_question, facts, person, tiers

STRICTER_ALLOWS_LESS = [
    *(Operation.DISCOVER, Operation.READ_DETAILS, Operation.PREVIEW, Operation.DOWNLOAD),
    *(Operation.SERVE_TO_NODE, Operation.DISPATCH, Operation.DERIVE),
]
inputs = st.lists(tiers, min_size=1, max_size=5)


@given(inputs, inputs, inputs)
def test_the_strictest_of_many_is_the_same_in_whatever_order_and_grouping(some, more, rest):
    assert strictest([*some, *more]) is strictest([*more, *some])
    assert strictest([*some, *some]) is strictest(some)
    grouped = strictest([strictest([*some, *more]), *rest])
    assert grouped is strictest([*some, strictest([*more, *rest])])


@given(tiers, tiers, tiers)
def test_being_as_strict_is_an_order_and_the_strictest_is_its_upper_bound(one, two, three):
    below = lambda left, right: at_least_as_strict(right, [left])  # noqa: E731 - an infix would read best
    assert below(one, one)
    assert one is two or not (below(one, two) and below(two, one))
    assert below(one, three) or not (below(one, two) and below(two, three))
    assert below(strictest([one, two]), three) is (below(one, three) and below(two, three))


@given(any_question, tiers)
def test_a_stricter_tier_never_allows_more(question, stricter):
    about = question["version_or_facts"]
    if question["operation"] not in STRICTER_ALLOWS_LESS or RULES[stricter].rank < RULES[about.tier].rank:
        return
    # Where sealed data may be is known on their node alone, so their place is not compared.
    everywhere = {"processing": ["VN", "SN", "FR"]} if Tier.PRIVATE is stricter or about.entry_sealed else {}
    known = {**about.as_json(), **everywhere}
    given = {**question, "place": question["place"] or ("FR" if everywhere else None)}
    strict = decide(**{**given, "version_or_facts": Facts.from_json({**known, "tier": stricter})})
    free = decide(**{**given, "version_or_facts": Facts.from_json(known)})
    assert free.allowed or not strict.allowed


@given(st.data())
def test_inv_2_no_sequence_of_derivations_reaches_anything_less_restricted(data):
    """Grow a graph by whatever the policy allows, then hold each node against all that it descends from."""
    roots = data.draw(inputs)
    made = [(tier, frozenset({at})) for at, tier in enumerate(roots)]
    for _step in range(data.draw(st.integers(1, 8))):
        parents = data.draw(st.lists(st.sampled_from(made), min_size=1, max_size=3))
        output = data.draw(tiers)
        asked = {"actor": person("owner", "steward"), "operation": Operation.DERIVE, "output": output}
        if all(decide(**asked, version_or_facts=facts(tier)).allowed for tier, _ancestors in parents):
            made.append((output, frozenset().union(*(ancestors for _tier, ancestors in parents))))
    for tier, ancestors in made:
        assert at_least_as_strict(tier, [roots[at] for at in ancestors])


@pytest.mark.parametrize("tier", Tier)
def test_inv_2_a_derivation_without_a_tier_is_refused(tier):
    asked = {"actor": COORDINATOR, "operation": Operation.DERIVE, "version_or_facts": facts(tier)}
    assert not decide(**asked).allowed
