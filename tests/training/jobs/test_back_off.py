"""A job rests after a failure that its node reports; after a lost lease it does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.training.api.signing_node import SigningNode
from training.jobs.back_off import rest_after
from training.jobs.dispatching import dispatch_job
from training.jobs.models import MAX_FAILURES, Job
from training.jobs.reaping import reap

pytestmark = pytest.mark.django_db


def fail(node: SigningNode, job: Job, attempt: int = 1, *, retry: bool = True):
    said = {"attempt": attempt, "code": "out-of-memory", "detail": "no room", "retry": retry}
    return node.post(f"/api/v1/jobs/{job.pk}/failure", said)


def let_rest_end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (7, 320), (8, 600), (10**6, 600)]
)
def test_the_rest_doubles_up_to_ten_minutes(failures, seconds):
    assert rest_after(failures) == timedelta(seconds=seconds)


def test_a_claim_before_its_time_is_told_when_to_come_back(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert fail(node, job).json()["state"] == "queued"
    early = node.claim(job)
    assert (early.status_code, early.json()["code"]) == (409, "job-not-yet")
    assert 1 <= int(early["Retry-After"]) <= 5
    listed = node.get("/api/v1/node/jobs").json()["jobs"][0]["not_before"]
    assert listed.replace("Z", "+00:00") == early.json()["not_before"]


def test_a_job_that_rested_is_claimed_again_and_fails_for_good_in_the_end(node, round_):
    job = node.job(round_)
    for attempt in range(1, MAX_FAILURES + 1):
        let_rest_end(job)
        assert node.claim(job).json()["attempt"] == attempt
        state = fail(node, job, attempt).json()["state"]
    assert state == "failed"


def test_a_lost_lease_counts_as_no_failure(node, round_):
    job = node.job(round_)
    node.claim(job)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    reap()
    assert node.claim(job).json()["attempt"] == 2
    fail(node, job, 2)
    job.refresh_from_db()
    assert job.not_before - timezone.now() < timedelta(seconds=5)


def test_an_attached_node_gets_the_message_when_the_rest_is_over(node, round_):
    job, attached = node.job(round_), SigningNode(form="attached")
    soon = timezone.now() + timedelta(seconds=5)
    Job.objects.filter(pk=job.pk).update(node=attached.node, not_before=soon, dispatched_at=timezone.now())
    job = Job.objects.get(pk=job.pk)
    assert (dispatch_job(job).state, reap()) == ("queued", 0)
    let_rest_end(job)
    assert reap() == 1
    job.refresh_from_db()
    assert job.state == "dispatched"
