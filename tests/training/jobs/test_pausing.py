"""Its member pauses a job and lets it go on, from the site or on the node; the round's deadline stays."""

import pytest

from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.training.api.signing_node import SigningNode, make_maintainer
from training.jobs.endings import call_off_jobs
from training.jobs.models import MAX_FAILURES
from training.jobs.pausing import pause_job, resume_job
from training.jobs.reaping import reap

pytestmark = pytest.mark.django_db


def say(node: SigningNode, job, verb: str, **said):
    return node.post(f"/api/v1/jobs/{job.pk}/{verb}", said)


def actions(job) -> list[str]:
    return list(Event.objects.filter(job=job.pk).order_by("id").values_list("action", flat=True))


def test_a_running_job_is_paused_with_its_next_heartbeat_and_goes_on_as_another_attempt(node, round_):
    job, owner = node.job(round_), make_maintainer(node.node.member)
    node.claim(job)
    assert pause_job(owner, job, cause="the machine is needed").state == "paused"
    answer = say(node, job, "heartbeat", attempt=1).json()
    assert (answer["pause"], answer["cancel"]) == (True, False)
    assert node.claim(job).json()["code"] == "job-not-claimable"
    assert resume_job(owner, job).state == "queued"
    assert node.claim(job).json()["attempt"] == 2
    assert say(node, job, "heartbeat", attempt=1).json()["code"] == "attempt-stale"
    assert actions(job)[-4:] == ["job.claimed", "job.paused", "job.resumed", "job.claimed"]


def test_a_node_pauses_and_resumes_by_itself_as_often_as_it_says_so(node, round_):
    job = node.job(round_)
    node.claim(job)
    for _ in range(2):
        assert say(node, job, "pause", attempt=1, reason="outside hours").json()["state"] == "paused"
    for _ in range(2):
        assert say(node, job, "resume").json()["state"] == "queued"
    assert (actions(job).count("job.paused"), actions(job).count("job.resumed")) == (1, 1)


def test_a_job_that_was_never_claimed_can_be_paused_too(node, round_):
    job = node.job(round_)
    assert say(node, job, "pause", attempt=0).json()["state"] == "paused"
    assert reap() == 0
    assert node.get("/api/v1/node/jobs").json()["jobs"] == []


def test_another_attempt_than_the_present_one_pauses_nothing(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert say(node, job, "pause", attempt=0).json()["code"] == "attempt-stale"
    assert say(node, job, "pause", attempt=2).json()["code"] == "attempt-stale"


def test_pauses_use_up_no_attempts(node, round_):
    job = node.job(round_)
    for attempt in range(1, MAX_FAILURES + 2):
        assert node.claim(job).json()["attempt"] == attempt
        say(node, job, "pause", attempt=attempt)
        say(node, job, "resume")


def test_inv_7_nobody_else_pauses_a_members_job(node, round_):
    for stranger in (make_maintainer(), SigningNode().node.actor):
        with pytest.raises(NotPermitted) as caught:
            pause_job(stranger, node.job(round_))
        assert caught.value.code == "not-the-owner"


def test_a_paused_job_is_called_off_with_its_round(node, round_):
    job, owner = node.job(round_), make_maintainer(node.node.member)
    pause_job(owner, job)
    call_off_jobs(round_, code="deadline-passed", cause="over")
    assert node.job(round_).state == "cancelled"
    assert say(node, job, "resume").json()["code"] == "job-ended"
    with pytest.raises(Conflict) as caught:
        pause_job(owner, job)
    assert caught.value.code == "job-not-pausable"
