"""Asynchronous rounds: what arrives in the window counts; what needs longer counts in a later one."""

import pytest

from provenance.errors import Conflict
from provenance.events.models import Event
from tests.training.api.signing_node import SigningNode, delta, make_round
from tests.training.rounds.conftest import reach_deadline
from tests.training.rounds.playing import decide_all, measure_all, work
from training.contributions.models import Contribution
from training.jobs.models import Job
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.rounds.windows import are_bytes_readable, round_for

pytestmark = pytest.mark.django_db


def open_window(family=None, **changes) -> Round:
    round_ = make_round(family, mode=Round.Mode.ASYNCHRONOUS, **{"most_stale": 1, **changes})
    return work(round_)


def deliver(node: SigningNode, job: Job, seed: int = 9) -> str:
    """Send an update for a job that was claimed before; the code of the first refusal, if there is one."""
    weights = delta(seed)
    answer = node.contribute(job, node.contribution(job, weights))
    if answer.status_code != 201:
        return answer.json()["code"]
    assert node.upload(job, weights).status_code == 200
    return ""


@pytest.fixture
def window(nodes) -> Round:
    """A window in which the first node has delivered, and the second still works."""
    round_ = open_window()
    nodes[0].train(round_)
    nodes[1].claim(nodes[1].job(round_))
    return work(round_)


def close_with(round_: Round, nodes: list[SigningNode]) -> Round:
    """End the window with what came in, up to the next base."""
    work(reach_deadline(round_))
    measure_all(round_, nodes)
    return decide_all(round_)


def test_the_window_closes_at_its_deadline_and_calls_off_nobody_who_works(window, nodes):
    assert (window.state, window.waiting_code) == ("collecting", "job-running")
    round_ = reach_deadline(window)
    assert (round_.state, nodes[1].job(round_).state) == ("evaluating", "running")
    closed = Event.objects.get(action="round.window-closed").details
    assert (closed["received"], closed["goingOn"]) == (1, [nodes[1].node.slug])


def test_it_closes_before_when_every_node_has_delivered(window, nodes):
    assert deliver(nodes[1], nodes[1].job(window)) == ""
    assert work(window).state == "evaluating"


def test_a_job_that_nobody_began_ends_with_its_window(nodes):
    round_ = open_window()
    nodes[0].train(round_)
    reach_deadline(round_)
    late = nodes[1].job(round_)
    assert (late.state, late.reason_code) == ("cancelled", "window-closed")


def test_an_update_that_needed_longer_counts_in_the_next_window_with_its_staleness(window, nodes):
    late = nodes[1].job(window)
    assert close_with(window, nodes[:1]).state == "closed"
    assert deliver(nodes[1], late) == "window-closed"
    following = open_window(window.family)
    assert not following.jobs.filter(node=nodes[1].node).exists()
    assert deliver(nodes[1], late) == ""
    contribution = Contribution.objects.get(job=late)
    assert (contribution.round, contribution.staleness) == (following, 1)
    told = Event.objects.get(action="contribution.received", subject=f"contribution:{contribution.digest}")
    assert told.details["staleness"] == 1


def test_what_was_committed_to_stands_once_others_may_read_updates_of_its_window(window, nodes):
    job, late = nodes[1].job(window), nodes[1]
    assert late.contribute(job, late.contribution(job, delta(9))).status_code == 201
    round_ = close_with(window, nodes[:1])
    open_window(round_.family)
    answer = late.contribute(job, late.contribution(job, delta(1)))
    assert (answer.status_code, answer.json()["code"]) == (409, "commitment-final")


def test_the_next_base_holds_the_late_update_and_its_node_measures_it(window, nodes):
    late = nodes[1].job(window)
    close_with(window, nodes[:1])
    following = open_window(window.family)
    deliver(nodes[1], late)
    nodes[0].train(following, 3)
    round_ = close_with(following, nodes)
    assert (round_.state, round_.result.number, len(round_.result.recipe["contributions"])) == (
        "closed",
        2,
        2,
    )


def test_a_job_whose_base_is_too_old_ends_and_its_node_gets_a_new_one(window, nodes):
    late = nodes[1].job(window)
    close_with(window, nodes[:1])
    following = open_window(window.family, most_stale=0)
    late.refresh_from_db()
    assert (late.state, late.reason_code) == ("cancelled", "too-stale")
    assert nodes[1].job(following).state == "queued"


def test_a_window_with_too_little_is_abandoned_and_its_jobs_go_on_into_the_next(nodes):
    round_ = open_window(minimum_contributions=2)
    nodes[0].train(round_)
    late = nodes[1].job(round_)
    nodes[1].claim(late)
    assert reach_deadline(round_).state == "abandoned"
    following = open_window(round_.family)
    assert deliver(nodes[1], late) == ""
    assert Contribution.objects.get(job=late).round == following
    assert Contribution.objects.get(job=late).staleness == 0


def test_a_synchronous_round_takes_nothing_after_its_collecting(collecting, nodes):
    job = nodes[0].job(collecting)
    assert round_for(job) == (collecting, 0)
    collecting.state = "evaluating"
    collecting.save()
    job.refresh_from_db()
    with pytest.raises(Conflict) as caught:
        round_for(job)
    assert caught.value.code == "round-over"


def test_nobody_reads_a_neighbours_bytes_before_collecting_is_over(window):
    assert not are_bytes_readable(window)
    assert are_bytes_readable(reach_deadline(window))


def test_another_look_at_an_open_window_changes_nothing(window):
    before = Event.objects.count()
    advance(window.pk)
    assert Event.objects.count() == before
