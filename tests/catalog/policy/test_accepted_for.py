"""Nobody but the owner goes further with an entry than the consortium accepted it for (DG:8)."""

import pytest
from hypothesis import given

from catalog.policy import Facts, Operation, decide
from catalog.policy.replay import decide_again
from catalog.policy.services import record_decision
from catalog.proposals.states import AcceptedFor
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from catalog.tiers import Purpose, Stage, Tier
from provenance.events.models import Event
from tests.catalog.policy.characters import ACTORS, any_question, ask, facts, grant
from tests.factories import make_actor, make_dataset, make_member, make_submitted, node_actor

CODE = "not-accepted-for-purpose"
STAGES = frozenset({Stage.CPT, Stage.EVALUATION})


def accepted(width, tier=Tier.TRAIN_ONLY):
    return facts(tier, stages=STAGES, accepted_for=width)


@pytest.mark.parametrize(
    ("purpose", "enough"),
    [
        (Purpose.CONTRIBUTED_CPT, {AcceptedFor.TRAINING}),
        (Purpose.EVALUATION, {AcceptedFor.TRAINING, AcceptedFor.EVALUATION}),
    ],
)
@pytest.mark.parametrize("operation", [Operation.DISPATCH, Operation.SERVE_TO_NODE])
def test_shared_work_goes_as_far_as_members_agreed(operation, purpose, enough):
    for width in AcceptedFor:
        decision = ask(operation, ACTORS["other node"], accepted(width), purpose=purpose)
        assert decision.reason_codes == (() if width in enough else (CODE,))


@pytest.mark.parametrize("operation", [Operation.DOWNLOAD, Operation.PREVIEW])
def test_what_was_accepted_as_a_description_is_downloaded_by_its_owner_alone(operation):
    about = accepted(AcceptedFor.METADATA, Tier.OPEN)
    assert ask(operation, ACTORS["anonymous"], about).reason_codes == (CODE,)
    assert ask(operation, ACTORS["owner"], about).allowed
    assert ask(operation, ACTORS["anonymous"], accepted(AcceptedFor.EVALUATION, Tier.OPEN)).allowed


def test_an_owners_sovereign_build_needs_nothing_of_the_consortium():
    for width in (*AcceptedFor, None):
        build = {"purpose": Purpose.SOVEREIGN_BUILD}
        assert ask(Operation.DISPATCH, ACTORS["own node"], accepted(width), **build).allowed


def test_a_grant_for_training_does_not_go_beyond_it():
    build = {"purpose": Purpose.SOVEREIGN_BUILD}
    about = accepted(AcceptedFor.EVALUATION)
    asked = ask(Operation.REQUEST_ACCESS, ACTORS["stranger"], about, **build)
    used = ask(Operation.DISPATCH, ACTORS["other node"], about, grants=(grant(),), **build)
    assert asked.reason_codes == used.reason_codes == (CODE,)


@given(any_question)
def test_a_wider_acceptance_never_allows_less(question):
    known = question["version_or_facts"].as_json()
    widths = [Facts.from_json({**known, "accepted_for": width}) for width in (None, *AcceptedFor)]
    allowed = [decide(**{**question, "version_or_facts": about}).allowed for about in widths]
    assert allowed == sorted(allowed)


@pytest.mark.django_db
def test_what_reviewers_agreed_on_is_what_the_policy_asks():
    _, proposal = make_submitted("open")
    for width in (AcceptedFor.TRAINING, AcceptedFor.METADATA):
        speaks = make_actor(make_member(), "maintainer")
        review_proposal(actor=speaks, proposal=proposal, verdict=Verdict.APPROVE, accepted_for=width)
    proposal.refresh_from_db()
    version, node = proposal.dataset.newest, node_actor("lotus")
    asked = {"operation": Operation.DISPATCH, "purpose": Purpose.EVALUATION, "place": "VN"}
    decision = decide(actor=node, version_or_facts=version, **asked)
    assert (version.accepted_for, decision.reason_codes) == ("metadata", (CODE,))
    event = record_decision(actor=node, decision=decision)
    assert decide_again(Event.objects.get(pk=event.pk)) == decision


@pytest.mark.django_db
def test_nobody_judged_a_private_version():
    assert Facts.of(make_dataset("private").newest).accepted_for is None
