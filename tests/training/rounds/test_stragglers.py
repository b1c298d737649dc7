"""A bounded wait with a logged cause; proceeding without a member is never silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, delta, make_maintainer, make_round
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes() -> list[SigningNode]:
    make_dataset("open")
    return [SigningNode(), SigningNode()]


def collecting(nodes: list[SigningNode]) -> Round:
    round_ = make_round()
    advance(round_.pk)
    return round_


def reach_deadline(round_: Round) -> Round:
    Round.objects.filter(pk=round_.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    advance(round_.pk)
    round_.refresh_from_db()
    return round_


def test_while_it_waits_it_says_for_whom(nodes):
    round_ = collecting(nodes)
    nodes[0].train(round_)
    advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == "collecting"
    assert nodes[1].node.slug in round_.waiting_for
    assert nodes[0].node.slug not in round_.waiting_for


def test_at_the_deadline_it_goes_on_and_says_who_was_left_out_and_where_they_stood(nodes):
    round_ = collecting(nodes)
    nodes[0].train(round_)
    late = nodes[1].job(round_)
    nodes[1].claim(late)
    nodes[1].post(
        f"/api/v1/jobs/{late.pk}/heartbeat", {"attempt": 1, "phase": "training", "step": 2, "steps": 5}
    )
    round_ = reach_deadline(round_)
    assert round_.state == "reviewing"
    assert "Left out at the deadline" in round_.waiting_for
    event = Event.objects.get(action="round.straggler")
    assert event.reason_codes == ["deadline-passed"]
    assert event.details["cause"] == f"{nodes[1].node.slug} was in training, step 2 of 5"


def test_what_a_straggler_sends_afterwards_is_late(nodes):
    round_ = collecting(nodes)
    nodes[0].train(round_)
    late = nodes[1].job(round_)
    nodes[1].claim(late)
    reach_deadline(round_)
    response = nodes[1].contribute(late, nodes[1].contribution(late, delta(1)))
    assert (response.status_code, response.json()["code"]) == (409, "attempt-stale")


def test_without_any_contribution_the_round_ends_with_its_cause(nodes):
    round_ = reach_deadline(collecting(nodes))
    assert round_.state == "abandoned"
    assert "0 contributions came in, 1 are needed" in round_.waiting_for
    assert Event.objects.get(action="round.abandoned").reason_codes == ["too-few-contributions"]


def test_when_all_are_rejected_the_round_ends_with_its_cause(nodes):
    round_ = collecting(nodes)
    for seed, node in enumerate(nodes):
        node.train(round_, seed)
    for contribution in Contribution.objects.all():
        check_contribution(contribution.pk)
        for _ in range(2):
            decide_contribution(make_maintainer(), contribution, DecisionVerdict.REJECT)
    advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == "abandoned"
    assert Event.objects.get(action="round.abandoned").reason_codes == ["too-few-accepted"]


def test_a_review_waits_for_people_however_long_it_takes(nodes):
    round_ = collecting(nodes)
    for seed, node in enumerate(nodes):
        node.train(round_, seed)
    advance(round_.pk)
    for contribution in Contribution.objects.all():
        check_contribution(contribution.pk)
    round_ = reach_deadline(round_)
    assert round_.state == "reviewing"
    assert "2 more members have to accept" in round_.waiting_for
