"""A bounded wait with a logged cause; going on without a member is a vote, or a rule, and never silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.models import User
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from tests.training.api.signing_node import delta, make_maintainer
from tests.training.rounds.conftest import reach_deadline
from tests.training.rounds.playing import work
from tests.training.waiting import asked_of
from training.jobs.manifests import manifest_in
from training.rounds.conductor import advance
from training.rounds.models import Round, StragglerChoice
from training.rounds.stragglers import ballot_of, missing_in, vote_on_stragglers

pytestmark = pytest.mark.django_db
GO_ON, WAIT, ABANDON = StragglerChoice.GO_ON, StragglerChoice.WAIT, StragglerChoice.ABANDON


@pytest.fixture
def missing_one(collecting, nodes) -> Round:
    """The deadline has passed; one of two nodes has not delivered, and the members are asked."""
    nodes[0].train(collecting)
    return reach_deadline(collecting)


def vote(round_: Round, choice: StragglerChoice, times: int = 2, **changes) -> Round:
    for _ in range(times):
        vote_on_stragglers(make_maintainer(), round_, choice, **changes)
    advance(round_.pk)
    round_.refresh_from_db()
    return round_


def leaves_out_at_deadline(round_: Round) -> None:
    round_.rules["round.stragglers"] = 1
    round_.save()


def test_while_it_waits_it_says_for_whom_and_why(collecting, nodes):
    nodes[0].train(collecting)
    nodes[1].claim(nodes[1].job(collecting))
    advance(collecting.pk)
    collecting.refresh_from_db()
    assert (collecting.state, collecting.waiting_code) == ("collecting", "job-running")
    assert nodes[1].node.slug in collecting.waiting_for
    assert nodes[0].node.slug not in collecting.waiting_for


def test_at_the_deadline_the_members_are_asked_and_read_where_each_node_stood(missing_one, nodes):
    assert (missing_one.state, missing_one.ballot, missing_one.ballot_open) == ("collecting", 1, True)
    assert missing_one.waiting_code == "stragglers-vote"
    [stood] = Event.objects.get(action="round.ballot-opened").details["missing"]
    assert (stood["node"], stood["code"]) == (nodes[1].node.slug, "job-queued")
    ballot = ballot_of(missing_one)
    assert (ballot.number, ballot.needed, len(ballot.missing), ballot.all_may_vote) == (1, 2, 1, False)


def test_nobody_is_left_out_before_enough_members_said_so(missing_one, nodes):
    round_ = vote(missing_one, GO_ON, times=1)
    assert round_.state == "collecting"
    assert nodes[1].job(round_).state == "queued"


def test_when_two_members_agree_the_round_goes_on_without_the_node(missing_one, nodes):
    round_ = work(vote(missing_one, GO_ON))
    assert (round_.state, round_.ballot_open) == ("evaluating", False)
    assert (nodes[1].job(round_).state, nodes[1].job(round_).reason_code) == ("cancelled", "left-out-by-vote")
    event = Event.objects.get(action="round.straggler")
    assert event.reason_codes == ["left-out-by-vote", "job-queued"]
    assert Event.objects.filter(action="round.straggler-voted").count() == 2


def test_to_wait_moves_the_deadline_and_the_next_deadline_asks_again(missing_one):
    vote(missing_one, WAIT, times=1, hours=5)
    round_ = vote(missing_one, WAIT, times=1, hours=2)
    assert timedelta(hours=1) < round_.deadline - timezone.now() <= timedelta(hours=2)
    assert (round_.state, round_.ballot_open, round_.waiting_code) == ("collecting", False, "job-queued")
    assert (reach_deadline(round_).ballot, round_.ballot_open) == (2, True)


def test_they_may_abandon_it(missing_one):
    round_ = vote(missing_one, ABANDON)
    assert (round_.state, round_.ballot_open) == ("abandoned", False)
    assert Event.objects.get(action="round.abandoned").reason_codes == ["abandoned-by-vote"]


def test_a_straggler_that_delivers_meanwhile_ends_the_vote(missing_one, nodes):
    vote(missing_one, GO_ON, times=1)
    assert nodes[1].train(missing_one, 2).status_code == 201
    round_ = work(missing_one)
    assert (round_.state, round_.ballot_open, round_.contributions.count()) == ("evaluating", False, 2)
    assert Event.objects.get(action="round.ballot-closed").reason_codes == ["nobody-missing"]


def test_a_member_has_one_word_and_the_missing_nodes_own_has_none(missing_one, nodes):
    make_maintainer()  # two besides the missing one's can speak
    speaker = make_maintainer()
    vote_on_stragglers(speaker, missing_one, GO_ON)
    with pytest.raises(Conflict, match="spoke in this vote already"):
        vote_on_stragglers(speaker, missing_one, WAIT, hours=1)
    with pytest.raises(NotPermitted) as caught:
        vote_on_stragglers(make_maintainer(nodes[1].node.member), missing_one, GO_ON)
    assert caught.value.code == "recused"


def test_when_all_have_spoken_without_a_decision_the_vote_begins_anew(missing_one):
    close_all_accounts()
    speakers = [make_maintainer(), make_maintainer()]
    for speaker, choice, hours in zip(speakers, (GO_ON, WAIT), (0, 1), strict=True):
        vote_on_stragglers(speaker, missing_one, choice, hours=hours)
    missing_one.refresh_from_db()
    assert (missing_one.ballot, missing_one.ballot_open) == (2, True)
    assert Event.objects.filter(action="round.ballot-closed", reason_codes=["undecided"]).count() == 1


def test_where_every_members_node_is_missing_all_may_vote(collecting, nodes):
    close_all_accounts()
    speakers = [make_maintainer(each.node.member) for each in nodes]
    round_ = reach_deadline(collecting)
    assert round_.waiting_code == "stragglers-vote-of-all"
    for speaker in speakers:
        vote_on_stragglers(speaker, round_, ABANDON)
    round_.refresh_from_db()
    assert round_.state == "abandoned"


def test_where_nobody_can_vote_the_round_says_so(collecting):
    close_all_accounts()
    assert reach_deadline(collecting).waiting_code == "stragglers-no-voice"


def test_without_an_open_vote_there_is_nothing_to_say(collecting):
    with pytest.raises(Conflict) as caught:
        vote_on_stragglers(make_maintainer(), collecting, GO_ON)
    assert caught.value.code == "ballot-not-open"


@pytest.mark.parametrize(("choice", "hours"), [(WAIT, 0), (WAIT, 29 * 24 + 1), (GO_ON, 1)])
def test_only_waiting_has_hours_and_no_more_than_the_round_may_last(missing_one, choice, hours):
    with pytest.raises(Invalid) as caught:
        vote_on_stragglers(make_maintainer(), missing_one, choice, hours=hours)
    assert caught.value.code == "hours-out-of-range"


def test_by_rule_the_round_goes_on_at_the_deadline_and_says_who_was_left_out(collecting, nodes):
    leaves_out_at_deadline(collecting)
    nodes[0].train(collecting)
    late = nodes[1].job(collecting)
    nodes[1].claim(late)
    path = f"/api/v1/jobs/{late.pk}/heartbeat"
    nodes[1].post(path, {"attempt": 1, "phase": "training", "step": 2, "steps": 5})
    assert reach_deadline(collecting).state == "evaluating"
    event = Event.objects.get(action="round.straggler")
    assert event.reason_codes == ["deadline-passed", "job-running"]
    assert event.details["cause"] == f"{nodes[1].node.slug} is in step 2 of 5"


def test_what_a_straggler_sends_afterwards_is_late(collecting, nodes):
    leaves_out_at_deadline(collecting)
    nodes[0].train(collecting)
    late = nodes[1].job(collecting)
    nodes[1].claim(late)
    reach_deadline(collecting)
    response = nodes[1].contribute(late, nodes[1].contribution(late, delta(1)))
    assert (response.status_code, response.json()["code"]) == (409, "attempt-stale")


def test_without_any_contribution_the_round_ends_with_its_cause(collecting):
    leaves_out_at_deadline(collecting)
    round_ = reach_deadline(collecting)
    assert round_.state == "abandoned"
    assert "0 contributions came in, 1 are needed" in round_.waiting_for
    assert Event.objects.get(action="round.abandoned").reason_codes == ["too-few-contributions"]


def test_manifests_last_as_long_as_votes_may_make_the_round_wait(collecting, nodes):
    manifest = manifest_in(nodes[0].job(collecting))
    assert manifest.expires_at - collecting.opened_at == timedelta(days=29)
    assert missing_in(collecting)[0].code == "job-queued"


def close_all_accounts() -> None:
    """Nobody may speak but who comes after."""
    User.objects.update(is_active=False)


def test_the_vote_waits_for_those_whose_nodes_are_not_missing(missing_one, nodes):
    maintainer = make_maintainer()
    assert asked_of(maintainer, "round") == ["Vote on nodes that are late"]
    vote_on_stragglers(maintainer, missing_one, GO_ON)
    assert asked_of(maintainer, "round") == []
    others = [make_maintainer() for _ in range(2)]
    assert asked_of(make_maintainer(nodes[1].node.member), "round") == []
    assert asked_of(others[0], "round") == ["Vote on nodes that are late"]
