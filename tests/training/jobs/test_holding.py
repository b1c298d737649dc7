"""A node that knows of a job and waits says why, in one of a few codes."""

import pytest

from provenance.events.models import Event
from training.jobs.holding import HoldCode

pytestmark = pytest.mark.django_db


def hold(node, job, code="awaiting-local-approval", reason="Ask An."):
    return node.post(f"/api/v1/jobs/{job.pk}/hold", {"code": code, "reason": reason})


def test_a_hold_is_told_once_and_shown_until_the_claim(node, round_):
    job = node.job(round_)
    for _ in range(2):
        assert hold(node, job).status_code == 200
    job.refresh_from_db()
    assert (job.held_code, job.held_reason) == ("awaiting-local-approval", "Ask An.")
    assert Event.objects.filter(action="job.held").count() == 1
    node.claim(job)
    job.refresh_from_db()
    assert (job.held_code, job.held_reason) == ("", "")


def test_another_cause_is_news(node, round_):
    for code in HoldCode.values:
        hold(node, node.job(round_), code)
    assert Event.objects.filter(action="job.held").count() == len(HoldCode.values)


def test_a_code_of_nobodys_list_is_refused(node, round_):
    answer = hold(node, node.job(round_), "bored")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["code"])


def test_what_runs_or_ended_is_not_held(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert (hold(node, job).status_code, hold(node, job).json()["code"]) == (409, "job-not-waiting")
