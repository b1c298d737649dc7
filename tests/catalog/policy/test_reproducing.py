"""A recorded decision can be made again from the log; nothing derived is less restricted (DM:14, INV-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.members.models import Role
from catalog.policy import POLICY_VERSION, Facts, Operation, decide
from catalog.policy.services import record_decision
from catalog.tiers import RULES, Purpose, Stage, Tier, strictest
from provenance.actors import Actor, ActorKind
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset, make_member, node_actor

tiers = st.sampled_from(Tier)
facts = st.builds(
    Facts,
    digest=st.just("0" * 64),
    member=st.sampled_from(["owner", "other"]),
    tier=tiers,
    withdrawn=st.booleans(),
    stages=st.frozensets(st.sampled_from(Stage)),
    model_training=st.booleans(),
    processing=st.frozensets(st.sampled_from(["VN", "SN"])),
    updates_may_leave=st.booleans(),
)
actors = st.builds(
    Actor,
    st.sampled_from(ActorKind),
    st.just("someone"),
    st.just("someone"),
    st.frozensets(st.tuples(st.sampled_from(["owner", "other"]), st.just("steward"))),
)
purposes = st.none() | st.sampled_from(Purpose)
places = st.sampled_from([None, "VN", "SN"])


@given(actors, facts, tiers)
def test_inv_2_a_derivation_that_is_allowed_never_weakens(actor, about, output):
    asked = {"actor": actor, "operation": Operation.DERIVE, "version_or_facts": about}
    if decide(**asked, output=output).allowed:
        assert RULES[output].rank >= RULES[about.tier].rank


@given(actors, st.lists(facts, min_size=1, max_size=4), tiers)
def test_inv_2_an_output_of_many_inputs_is_as_strict_as_the_strictest(actor, inputs, output):
    asked = {"actor": actor, "operation": Operation.DERIVE, "output": output}
    if all(decide(**asked, version_or_facts=about).allowed for about in inputs):
        assert RULES[output].rank >= RULES[strictest(about.tier for about in inputs)].rank


@given(actors, st.sampled_from(Operation), facts, tiers, purposes, places, tiers)
def test_a_stricter_tier_never_allows_more(actor, operation, about, stricter, purpose, place, output):
    if RULES[stricter].rank < RULES[about.tier].rank:
        return
    known = about.as_json()
    asked = {"actor": actor, "operation": operation, "purpose": purpose, "place": place, "output": output}
    strict = decide(**asked, version_or_facts=Facts.from_json({**known, "tier": stricter}))
    assert decide(**asked, version_or_facts=about).allowed or not strict.allowed


@given(facts)
def test_facts_survive_their_record(about):
    assert Facts.from_json(about.as_json()) == about


@pytest.mark.django_db
def test_a_recorded_decision_can_be_made_again_from_the_log():
    node = node_actor("elsewhere")
    version = make_dataset("local-only").newest
    asked = {"operation": Operation.DISPATCH, "purpose": Purpose.CONTRIBUTED_CPT, "place": "FR"}
    decision = decide(actor=node, version_or_facts=version, **asked)
    event = record_decision(actor=node, decision=decision)
    again = decide(actor=node, version_or_facts=Facts.from_json(event.details["facts"]), **asked)
    assert list(again.reason_codes) == event.reason_codes == ["not-owner-node", "outside-residency"]
    assert (event.policy_version, event.outcome) == (POLICY_VERSION, "denied")


@pytest.mark.django_db
def test_inv_6_a_request_for_private_data_is_logged_for_the_owner_only():
    version = make_dataset("private", member=make_member("owner")).newest
    stranger = make_actor(make_member("other"), Role.RESEARCHER)
    decision = decide(actor=stranger, operation=Operation.DOWNLOAD, version_or_facts=version)
    assert record_decision(actor=stranger, decision=decision).audience == "member:owner"
    assert not Event.objects.visible_to(stranger.audiences).filter(action="access.download").exists()
