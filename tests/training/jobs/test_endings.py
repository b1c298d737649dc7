"""Ends of a job other than success, and who may bring them about."""

import pytest

from provenance.errors import Conflict, NotPermitted
from tests.training.api.signing_node import SigningNode, make_maintainer
from training.jobs.endings import cancel_job

pytestmark = pytest.mark.django_db


def fail(node: SigningNode, job, **changes):
    said = {"attempt": 1, "code": "out-of-memory", "detail": "no room", "retry": False, **changes}
    return node.post(f"/api/v1/jobs/{job.pk}/failure", said)


def test_the_nodes_own_policy_may_say_no(node, round_):
    job = node.job(round_)
    said = {"code": "node-policy-dataset", "detail": "not here"}
    assert node.post(f"/api/v1/jobs/{job.pk}/refuse", said).json()["state"] == "refused"
    assert node.claim(job).json()["code"] == "job-not-claimable"


def test_a_running_job_is_cancelled_with_its_next_heartbeat(node, round_):
    job = node.job(round_)
    node.claim(job)
    owner = make_maintainer(node.node.member)
    cancel_job(owner, job, cause="the machine is needed")
    path = f"/api/v1/jobs/{job.pk}/heartbeat"
    assert node.post(path, {"attempt": 1}).json()["cancel"] is True
    assert fail(node, job, code="cancelled", retry=True).json()["state"] == "cancelled"
    assert node.post(path, {"attempt": 1}).json()["cancel"] is True
    with pytest.raises(Conflict):
        cancel_job(owner, job)


def test_inv_7_nobody_else_takes_a_members_job_away(node, round_):
    with pytest.raises(NotPermitted) as caught:
        cancel_job(make_maintainer(), node.job(round_))
    assert caught.value.code == "not-the-owner"


def test_a_countersignature_by_another_key_or_manifest_claims_nothing(node, round_):
    job, other = node.job(round_), SigningNode()
    envelope = other.countersigned(job)
    said = node.post(f"/api/v1/jobs/{job.pk}/claim", {"envelope": envelope})
    assert (said.status_code, said.json()["code"]) == (422, "countersignature-invalid")


def test_another_nodes_job_does_not_exist(node, round_):
    job, other = node.job(round_), SigningNode()
    for response in (other.get(f"/api/v1/jobs/{job.pk}/manifest"), other.claim(job)):
        assert (response.status_code, response.json()["code"]) == (404, "job-not-found")
