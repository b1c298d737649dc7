"""Why a node is missing: a code for programs, a clause for people, and no word that the node wrote freely."""

from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.events.models import Event
from tests.training.api.signing_node import SigningNode, delta
from training.contributions.models import WeightsUpload
from training.jobs.models import Job
from training.nodes.models import Node
from training.rounds.conductor import advance
from training.rounds.missing import missing_in
from training.rounds.models import Round
from training.rounds.waits import WAITS

pytestmark = pytest.mark.django_db


def cause(round_: Round, node: SigningNode) -> tuple[str, str]:
    """The code and the words on one node."""
    [found] = [each for each in missing_in(round_) if each.job.node_id == node.node.pk]
    assert found.code in WAITS
    return found.code, found.words.removeprefix(f"{node.node.slug} ")


def stands(node: SigningNode, round_: Round, **changes) -> None:
    Job.objects.filter(pk=node.job(round_).pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({}, "job-queued", "has not taken its job yet"),
        ({"attempt": 2}, "job-queued", "has not taken its job yet, in attempt 3"),
        ({"state": "paused"}, "job-paused", "has been paused by its member"),
        ({"held_code": "disk-full"}, "disk-full", "has not taken its job: disk-full"),
        ({"held_code": "of-tomorrow"}, "held", "has not taken its job: of-tomorrow"),
    ],
)
def test_a_job_that_does_not_run_says_why(collecting, nodes, changes, code, words):
    stands(nodes[0], collecting, **changes)
    assert cause(collecting, nodes[0]) == (code, words)


def test_a_running_job_says_where_it_is(collecting, nodes):
    job = nodes[0].job(collecting)
    nodes[0].claim(job)
    assert cause(collecting, nodes[0]) == ("job-running", "is in its first phase")
    stands(nodes[0], collecting, step=3, steps=5)
    assert cause(collecting, nodes[0]) == ("job-running", "is in step 3 of 5")
    stands(nodes[0], collecting, lease_until=timezone.now() - timedelta(seconds=1))
    assert cause(collecting, nodes[0])[0] == "lease-lost"


def test_after_a_failure_it_says_until_when_it_rests(collecting, nodes):
    stands(nodes[0], collecting, not_before=timezone.now() + timedelta(minutes=1), reason_code="disk-full")
    code, words = cause(collecting, nodes[0])
    assert (code, words[-9:]) == ("backing-off", "disk-full")


def test_a_node_that_is_away_or_suspended_is_named_so_whatever_its_job_says(collecting, nodes):
    long_ago = timezone.now() - timedelta(hours=3)
    Job.objects.update(created_at=long_ago, held_code="disk-full")
    Node.objects.update(last_seen_at=long_ago)
    assert cause(collecting, nodes[0]) == ("node-away", "has not been heard of for 3 hours")
    Node.objects.update(state="suspended")
    assert cause(collecting, nodes[0]) == ("node-not-active", "is suspended")


def test_between_word_and_bytes_it_says_how_much_has_come(collecting, nodes):
    job, weights = nodes[0].job(collecting), delta(1)
    nodes[0].claim(job)
    nodes[0].contribute(job, nodes[0].contribution(job, weights))
    assert cause(collecting, nodes[0])[0] == "bytes-missing"
    WeightsUpload.objects.create(job=job, sha256="0" * 64, bytes=10, part_bytes=4, handle="here")
    assert cause(collecting, nodes[0]) == ("bytes-coming", "has sent 0 of 3 parts of its update")


def test_a_node_that_wavers_fills_no_log(collecting, nodes):
    for held in ("disk-full", "", "disk-full", "", "disk-full"):
        Job.objects.update(held_code=held)
        advance(collecting.pk)
    collecting.refresh_from_db()
    assert collecting.waiting_code == "disk-full"
    assert Event.objects.filter(action="round.waiting").count() == 2


def test_the_causes_of_many_cost_what_those_of_one_do(collecting, nodes, django_assert_num_queries):
    nodes[0].claim(nodes[0].job(collecting))
    with django_assert_num_queries(2):
        assert len(missing_in(collecting)) == 2
    stands(nodes[1], collecting, state="cancelled")
    with django_assert_num_queries(2):
        assert len(missing_in(collecting)) == 1
