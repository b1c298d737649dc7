"""The desk: what can be sent goes first, what waits is asked ever more slowly, a person's word is heard."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from training.node.home import NodeHome
from training.node.jobs.answering import Outcome
from training.node.jobs.desk import LONGEST, Desk
from training.node.jobs.journal import Journal, Step, Waiting
from training.node.policy.approvals import say


@pytest.fixture
def home(home_folder) -> NodeHome:
    return NodeHome(home_folder)


@pytest.fixture
def desk(home) -> Desk:
    return Desk(home)


def on(home: NodeHome, step: Step = Step.KNOWN) -> Journal:
    job = str(uuid4())
    journal = Journal.begin(home.jobs / job, job)
    journal.reach(step)
    return journal


def test_a_message_puts_a_job_on_the_desk_once(home, desk):
    job = str(uuid4())
    for _ in range(3):
        desk.note(job)
    assert [journal.job for journal in desk._due()] == [job]


def test_results_go_first_then_what_has_begun_then_the_oldest(home, desk):
    oldest, begun, result = on(home), on(home, Step.TRAINING), on(home, Step.SIGNED)
    assert [journal.job for journal in desk._due()] == [result.job, begun.job, oldest.job]


def test_what_is_done_is_not_taken_up_again(home, desk):
    journal = on(home)
    journal.close("succeeded")
    assert desk._due() == []
    desk.note(journal.job)  # a message that was repeated
    assert desk._due() == []


def test_a_job_that_failed_here_and_is_offered_again_begins_anew(home, desk):
    journal = on(home, Step.TRAINING)
    journal.close("failed", "trainer-died")
    desk.note(journal.job)
    assert [found.step for found in desk._due()] == [Step.KNOWN]


def test_what_waits_is_asked_ever_more_slowly_and_never_given_up(home, desk):
    journal = on(home, Step.SIGNED)
    for _ in range(12):
        desk._wait(journal.job, Outcome.AWAY)
    assert desk._due() == []
    assert desk._next[journal.job] - time.monotonic() == pytest.approx(LONGEST[Outcome.AWAY], abs=1)
    desk.note(journal.job)
    assert [found.job for found in desk._due()] == [journal.job]


def test_a_persons_word_is_heard_at_once(home, desk):
    journal = on(home)
    waiting = Waiting(code="awaiting-local-approval", reason="by hand", since=datetime.now(UTC))
    journal.note(waiting=waiting)
    desk._wait(journal.job, Outcome.HELD)
    assert desk._due() == []
    say(journal, agreed="approved", manifest="x")
    assert [found.job for found in desk._due()] == [journal.job]


def test_closed_jobs_are_kept_for_as_many_days_as_the_policy_says(home, desk):
    old, young = on(home), on(home)
    old.close("round-over")
    old.note(moved=datetime.now(UTC) - timedelta(days=31))
    young.close("round-over")
    desk._sweep()
    assert [path.name for path in home.jobs.iterdir()] == [young.job]
