"""A node that was away learns where it is, and can not submit into the wrong round."""

import pytest

from tests.training.api.signing_node import SigningNode, delta
from training.contributions.models import Contribution
from training.jobs.endings import call_off_jobs
from training.jobs.models import Job

pytestmark = pytest.mark.django_db


def where(node: SigningNode, job: Job) -> dict:
    return node.get(f"/api/v1/jobs/{job.pk}/").json()


def submit(node: SigningNode, job: Job, attempt: int = 1) -> tuple[int, str]:
    answer = node.contribute(job, node.contribution(job, delta(1), attempt), attempt)
    return answer.status_code, answer.json().get("code", "")


def test_a_job_tells_its_round_and_what_became_of_it(node, round_):
    job = node.job(round_)
    assert where(node, job)["round"]["number"] == round_.number
    assert (where(node, job)["state"], where(node, job)["contribution"]) == ("queued", None)
    node.train(round_)
    told = where(node, job)["contribution"]
    assert told["digest"] == Contribution.objects.get().digest


def test_into_an_ended_round_nothing_comes_any_more(node, round_):
    job = node.job(round_)
    node.claim(job)
    call_off_jobs(round_, code="deadline-passed", cause="The round's deadline has passed.")
    assert submit(node, job) == (409, "attempt-stale")
    assert (where(node, job)["state"], where(node, job)["reason_code"]) == ("cancelled", "deadline-passed")
    assert not Contribution.objects.exists()


def test_into_another_nodes_job_nothing_comes(node, round_):
    job, other = node.job(round_), SigningNode()
    node.claim(job)
    assert submit(other, job) == (404, "job-not-found")
    assert other.get(f"/api/v1/jobs/{job.pk}/").status_code == 404
    assert not Contribution.objects.exists()


def test_for_another_attempt_than_the_one_that_runs_nothing_comes(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert submit(node, job, attempt=2)[0] == 409
    assert not Contribution.objects.exists()


def test_who_claims_a_committed_job_again_may_go_on_sending(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert submit(node, job)[0] == 201
    node.post(f"/api/v1/jobs/{job.pk}/pause", {"attempt": 1})
    node.post(f"/api/v1/jobs/{job.pk}/resume", {})
    assert node.claim(job).json()["attempt"] == 2
    assert where(node, job)["contribution"]["state"] == "committed"
