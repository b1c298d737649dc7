"""As many calls a second as one machine answers well, however many nodes there are."""

import pytest
from django.core.cache import cache

from training.jobs import pace
from training.jobs.leases import lease_seconds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted():
    yield
    cache.clear()


def given(nodes: int) -> None:
    cache.set(pace._KEY, nodes)


@pytest.mark.parametrize(("nodes", "seconds"), [(1, 2), (100, 2), (101, 3), (1_000, 20), (10_000, 200)])
def test_the_pause_between_calls_grows_with_the_nodes(nodes, seconds):
    given(nodes)
    assert pace.call_seconds() == seconds
    assert seconds <= pace.next_call() <= seconds * 1.25
    assert nodes / pace.call_seconds() <= pace.POLLS_PER_SECOND


@pytest.mark.parametrize(("nodes", "seconds"), [(1, 20), (250, 20), (1_000, 80)])
def test_a_lease_holds_for_more_than_three_beats(nodes, seconds):
    given(nodes)
    assert lease_seconds() == seconds
    assert lease_seconds() >= 3 * 1.25 * pace.call_seconds()


def test_only_active_nodes_are_counted(node):
    cache.clear()
    assert pace._active_nodes() == 1


def test_a_poll_and_a_beat_ask_the_database_a_fixed_number_of_times(node, round_, django_assert_num_queries):
    job, path = node.job(round_), "/api/v1/node/jobs"
    node.claim(job)
    node.get(path)  # warm: the node was seen, the nodes are counted
    with django_assert_num_queries(3):  # whose key; its nonce; its jobs
        node.get(path)
    beat = {"attempt": 1, "step": 1, "steps": 5}
    with django_assert_num_queries(5):  # whose key; its nonce; the lease between two savepoints
        node.post(f"/api/v1/jobs/{job.pk}/heartbeat", beat)
