"""A suspended node's work waits for it, a revoked one's ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.training.api.signing_node import SigningNode, delta, make_maintainer
from training.jobs.claims import claim_job
from training.jobs.endings import call_off_jobs
from training.jobs.models import Job
from training.jobs.reaping import reap
from training.nodes.services import reinstate_node, revoke_node, suspend_node

pytestmark = pytest.mark.django_db


def suspend(node: SigningNode) -> None:
    suspend_node(make_maintainer(), node.node, cause="noise")


def test_a_suspension_ends_the_lease_at_once_and_says_so(node, round_):
    job = node.job(round_)
    node.claim(job)
    suspend(node)
    job.refresh_from_db()
    assert (job.state, job.lease_until, job.reason_code) == ("queued", None, "node-suspended")
    assert "noise" in job.reason
    assert node.claim(job).json()["code"] == "node-not-active"
    with pytest.raises(Exception, match="may not work") as caught:
        claim_job(node.node, job, node.countersigned(job))
    assert caught.value.code == "node-not-active"


def test_its_jobs_wait_for_it_and_go_on_after_it_was_reinstated(node, round_):
    job = node.job(round_)
    node.claim(job)
    suspend(node)
    assert reap() == 0
    reinstate_node(make_maintainer(), node.node, cause="seen it fixed")
    assert node.job(round_).reason_code == ""
    assert node.claim(job).json()["attempt"] == 2
    assert node.upload(job, delta(1), attempt=2).status_code < 500


def test_a_suspended_node_comes_too_late_for_a_round_that_ended(node, round_):
    job = node.job(round_)
    suspend(node)
    call_off_jobs(round_, code="deadline-passed", cause="over")
    reinstate_node(make_maintainer(), node.node, cause="seen it fixed")
    assert node.claim(job).json()["code"] == "job-not-claimable"
    assert node.get(f"/api/v1/jobs/{job.pk}/").json()["reason_code"] == "deadline-passed"


def test_an_attached_nodes_jobs_are_sent_only_while_it_may_work(node, round_):
    job, attached = node.job(round_), SigningNode(form="attached")
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(node=attached.node, dispatched_at=long_ago)
    suspend(attached)
    assert reap() == 0
    reinstate_node(make_maintainer(), attached.node, cause="seen it fixed")
    job.refresh_from_db()
    assert job.state == "dispatched"


def test_a_revoked_nodes_jobs_end_at_once(node, round_):
    job = node.job(round_)
    node.claim(job)
    revoke_node(make_maintainer(node.node.member), node.node, cause="leaving")
    job.refresh_from_db()
    assert (job.state, job.reason_code) == ("failed", "node-revoked")
