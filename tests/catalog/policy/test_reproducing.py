"""A recorded decision can be made again from the log; nothing derived is less restricted (DM:14, INV-2)."""

import pytest
from hypothesis import given, settings

from catalog.members.models import Role
from catalog.policy import POLICY_VERSION, Facts, Operation, decide
from catalog.policy.replay import decide_again
from catalog.policy.services import record_decision
from catalog.tiers import Purpose, Tier
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, Invalid
from provenance.events.models import Event
from provenance.events.services import Evidence, record_event
from tests.catalog.policy.characters import ACTORS, any_facts, any_question, ask, facts, grant
from tests.factories import make_actor, make_dataset, make_member, node_actor

FORMERLY_UNKNOWN = {"dataset", "terms_unknown", "embargo_until", "accepted_for"}


@given(any_facts)
def test_facts_survive_their_record(about):
    assert Facts.from_json(about.as_json()) == about


def test_facts_of_an_older_record_are_read_with_what_it_did_not_know():
    known = facts("open").as_json()
    older = {name: known[name] for name in known if name not in FORMERLY_UNKNOWN}
    assert (Facts.from_json(older).embargo_until, Facts.from_json(older).accepted_for) == (None, "training")


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(any_question)
def test_each_recorded_decision_is_given_again_from_its_event_alone(question):
    decision = decide(**question)
    event = record_decision(actor=question["actor"], decision=decision)
    assert decide_again(Event.objects.get(pk=event.pk)) == decision


@pytest.mark.django_db
def test_an_answer_of_another_policy_is_not_guessed():
    given = Evidence(policy_version="2026-11-1", details={})
    older = record_event(actor=COORDINATOR, action="access.dispatch", evidence=given)
    with pytest.raises(Conflict, match=rf"Policy 2026-11-1 gave .* policy {POLICY_VERSION}"):
        decide_again(older)
    with pytest.raises(Invalid, match="no decision"):
        decide_again(record_event(actor=COORDINATOR, action="access.granted"))


@pytest.mark.django_db
def test_the_log_names_the_reasons_and_the_policy():
    worker = node_actor("elsewhere")
    asked = {"operation": Operation.DISPATCH, "purpose": Purpose.CONTRIBUTED_CPT, "place": "FR"}
    decision = decide(actor=worker, version_or_facts=make_dataset("local-only").newest, **asked)
    event = record_decision(actor=worker, decision=decision)
    assert event.reason_codes == ["not-owner-node", "outside-residency"]
    assert (event.policy_version, event.outcome) == (POLICY_VERSION, "denied")


@pytest.mark.django_db
def test_a_decision_stands_in_the_log_for_the_one_it_was_made_for():
    decision = ask(Operation.DOWNLOAD, ACTORS["stranger"], facts("open"))
    with pytest.raises(ValueError, match="made for"):
        record_decision(actor=ACTORS["owner"], decision=decision)


@pytest.mark.django_db
def test_inv_6_a_request_for_private_data_is_logged_for_the_owner_only():
    version = make_dataset("private", member=make_member("owner")).newest
    stranger = make_actor(make_member("other"), Role.RESEARCHER)
    decision = decide(actor=stranger, operation=Operation.DOWNLOAD, version_or_facts=version)
    assert record_decision(actor=stranger, decision=decision).audience == "member:owner"
    assert not Event.objects.visible_to(stranger.audiences).filter(action="access.download").exists()


@pytest.mark.django_db
def test_an_answer_that_rests_on_a_grant_is_between_its_two_members():
    given = {"purpose": Purpose.SOVEREIGN_BUILD, "grants": (grant(),)}
    decision = ask(Operation.SERVE_TO_NODE, ACTORS["other node"], facts(Tier.TRAIN_ONLY), **given)
    record_decision(actor=ACTORS["other node"], decision=decision)
    audiences = Event.objects.filter(action="access.serve-to-node").values_list("audience", flat=True)
    assert sorted(audiences) == ["member:other", "member:owner"]
