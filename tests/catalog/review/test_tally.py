"""What voices come to: how far an acceptance goes, and how many it takes."""

import pytest

from catalog.proposals.states import AcceptedFor
from catalog.review.models import Capacity, Review, Verdict
from catalog.review.tally import members_left, outcome_of, quorum, voices_on
from tests.catalog.review.characters import maintainer, say, settle_rule
from tests.factories import make_submitted

pytestmark = pytest.mark.django_db
TRAINING, EVALUATION, METADATA = AcceptedFor.TRAINING, AcceptedFor.EVALUATION, AcceptedFor.METADATA


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ((TRAINING, TRAINING), TRAINING),
        ((TRAINING, METADATA), METADATA),
        ((EVALUATION, TRAINING), EVALUATION),
    ],
)
def test_it_is_accepted_for_the_most_that_a_quorum_agrees_on(said, agreed):
    _, proposal = make_submitted()
    for width in said:
        say(maintainer(), proposal, Verdict.APPROVE, accepted_for=width)
    assert (proposal.state, proposal.accepted_for) == ("accepted", agreed)
    assert proposal.dataset.newest.accepted_for == agreed


def test_of_three_voices_where_two_are_wanted_the_second_widest_counts():
    _, proposal = make_submitted()
    speaks = {"proposal": proposal, "revision": proposal.revision, "verdict": "approve"}
    for width in (METADATA, TRAINING, EVALUATION):  # as rows: the services would have decided after two
        actor = maintainer()
        (left,) = members_left(proposal)
        Review.objects.create(reviewer_id=actor.key, member=left, accepted_for=width, **speaks)
    assert outcome_of(proposal).accepted_for == EVALUATION


def test_the_quorum_is_the_rule_in_force():
    _, proposal = make_submitted()
    people = [maintainer() for _ in range(4)]
    settle_rule("review.quorum", 3, people)
    assert quorum() == 3
    for actor, state in zip(people[:3], ("in_review", "in_review", "accepted"), strict=True):
        say(actor, proposal, Verdict.APPROVE)
        assert proposal.state == state


def test_a_row_for_the_proposers_own_member_is_no_voice():
    steward, proposal = make_submitted()
    Review.objects.create(
        proposal=proposal,
        revision=proposal.revision,
        reviewer_id=steward.key,
        member=proposal.member,
        capacity=Capacity.MAINTAINER,
        verdict="approve",
        accepted_for="training",
    )
    assert not voices_on(proposal).exists()
