"""INV-8: a job whose worker, message or coordinator dies is neither lost nor done twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from tests.training.api.signing_node import SigningNode, delta
from training.contributions.models import Contribution
from training.jobs.claims import claim_job
from training.jobs.models import MAX_FAILURES, Job
from training.jobs.reaping import MOST_ATTEMPTS, reap

pytestmark = pytest.mark.django_db


def let_lease_expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_once_exactly_one_wins(node, round_):
    job, start, won = node.job(round_), Barrier(2), []

    def claim() -> None:
        start.wait()
        try:
            won.append(claim_job(node.node, job, node.countersigned(job)))
        except Exception as error:  # noqa: BLE001 - the loser's reason is looked at below
            won.append(getattr(error, "code", error))
        connection.close()

    threads = [Thread(target=claim) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(str(getattr(result, "attempt", result)) for result in won) == ["1", "job-not-claimable"]


def test_a_second_claim_under_a_valid_lease_is_turned_away(node, round_):
    job = node.job(round_)
    assert node.claim(job).json() == {"attempt": 1, "lease_seconds": 20}
    again = node.claim(job)
    assert (again.status_code, again.json()["code"]) == (409, "job-not-claimable")


def test_an_expired_lease_opens_attempt_two_and_what_attempt_one_sends_is_stale(node, round_):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    let_lease_expire(job)
    assert node.claim(job).json()["attempt"] == 2
    late = node.contribute(job, node.contribution(job, weights))
    assert (late.status_code, late.json()["code"]) == (409, "attempt-stale")
    assert node.upload(job, weights, attempt=1).json()["code"] == "attempt-stale"
    node.upload(job, weights, attempt=2)
    assert node.contribute(job, node.contribution(job, weights, 2), 2).status_code == 201


def test_the_reaper_puts_an_abandoned_job_back(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert reap() == 0
    let_lease_expire(job)
    assert reap() == 1
    job.refresh_from_db()
    assert (job.state, job.reason_code) == ("queued", "lease-expired")


def test_after_the_last_attempt_the_job_fails_with_its_cause(node, round_):
    job = node.job(round_)
    node.claim(job)
    Job.objects.filter(pk=job.pk).update(attempt=MOST_ATTEMPTS)
    let_lease_expire(job)
    reap()
    job.refresh_from_db()
    assert (job.state, job.reason_code) == ("failed", "lease-expired")
    assert f"Nothing was heard of attempt {MOST_ATTEMPTS}" in job.reason


def test_lost_leases_use_up_no_attempts(node, round_):
    job = node.job(round_)
    for attempt in range(1, MAX_FAILURES + 3):
        assert node.claim(job).json()["attempt"] == attempt
        let_lease_expire(job)
        reap()


def test_a_message_that_led_to_no_claim_is_sent_again(round_):
    attached = SigningNode(form="attached")
    job = Job.objects.get(round=round_)
    Job.objects.filter(pk=job.pk).update(
        node=attached.node, state="dispatched", dispatched_at=timezone.now() - timedelta(minutes=1)
    )
    assert reap() == 1
    assert reap() == 0
    job.refresh_from_db()
    assert job.state == "dispatched"


def test_a_heartbeat_renews_the_lease_and_readings_count_once(node, round_):
    job = node.job(round_)
    node.claim(job)
    let_lease_expire(job)
    beat = {"attempt": 1, "phase": "training", "step": 5, "steps": 5, "log": ["on cpu"]}
    beat["metrics"] = [{"step": 5, "loss": 4.5, "tokens_per_second": 100.0}]
    for _ in range(2):
        assert node.post(f"/api/v1/jobs/{job.pk}/heartbeat", beat).json()["cancel"] is False
    job.refresh_from_db()
    assert job.lease_until > timezone.now()
    assert (job.phase, job.step, job.metrics.count()) == ("training", 5, 1)


def test_a_heartbeat_out_of_bounds_names_its_field(node, round_):
    job = node.job(round_)
    node.claim(job)
    path = f"/api/v1/jobs/{job.pk}/heartbeat"
    too_many = [{"step": step, "loss": 1.0} for step in range(501)]
    assert node.post(path, {"attempt": 1, "metrics": too_many}).json()["code"] == "heartbeat-malformed"
    absurd = [{"step": 1, "loss": "nan"}]
    assert "metrics.0.loss" in str(node.post(path, {"attempt": 1, "metrics": absurd}).json()["fields"])


def test_the_same_contribution_again_is_the_same_one_and_another_is_refused(node, round_):
    assert node.train(round_).status_code == 201
    job = node.job(round_)
    kept = Contribution.objects.get()
    again = node.contribute(job, node.contribution(job, delta(1)))
    assert (again.status_code, again.json()["digest"]) == (200, kept.digest)
    node.upload(job, delta(2))
    other = node.contribute(job, node.contribution(job, delta(2)))
    assert (other.status_code, other.json()["code"]) == (409, "contribution-exists")
