"""A node and its coordinator through holds, absences, suspension and rotation: nothing lost or done twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tests.training.api.signing_node import TINY, make_maintainer
from tests.training.node.living import (
    POLICY,
    computed,
    contributions,
    enrol,
    journal_of,
    open_round_for,
    row_of,
    working,
)
from training.contributions.models import Contribution
from training.jobs.endings import queue_again
from training.jobs.models import Job
from training.node import asking
from training.node.cli import main
from training.node.client import hash_file
from training.node.home import NodeHome
from training.node.jobs import execution
from training.node.jobs.answering import Outcome
from training.node.jobs.arrows import UPDATE
from training.node.jobs.execution import take_on
from training.node.jobs.lease import claim, regain
from training.node.private.build_bases import find_base
from training.node.private.build_plans import BasePlan
from training.node.private.builds import send_reports
from training.nodes.models import BuildReport
from training.nodes.services import reinstate_node, suspend_node
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(live_server, tmp_path) -> NodeHome:
    return enrol(live_server, tmp_path / "home")


@pytest.fixture
def job(home) -> Job:
    return open_round_for(home, codec="int8-block")[1]


@pytest.fixture
def away(home, monkeypatch):
    """The coordinator can not be reached."""
    monkeypatch.setattr(execution, "PATIENCE", 0.1)
    monkeypatch.setenv("TAPESTRY_NODE_COORDINATOR", "http://127.0.0.1:9")
    return NodeHome(home.folder)


def command(home: NodeHome, *said: str) -> int:
    return main([*said, "--home", str(home.folder)])


def test_a_result_waits_while_the_coordinator_is_away_and_is_delivered_once(home, job, away, monkeypatch):
    monkeypatch.delenv("TAPESTRY_NODE_COORDINATOR")
    computed(home, job)
    monkeypatch.setenv("TAPESTRY_NODE_COORDINATOR", "http://127.0.0.1:9")
    assert take_on(away, journal_of(home, job)) is Outcome.AWAY
    assert journal_of(home, job).step == "signed"  # all that needs nobody was done
    monkeypatch.delenv("TAPESTRY_NODE_COORDINATOR")
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    assert contributions(job) == ["received"]


def test_after_a_lost_lease_the_work_goes_out_under_the_next_attempt(home, job):
    computed(home, job)
    with transaction.atomic():
        queue_again(Job.objects.get(pk=job.pk), code="lease-expired", reason="silent")
    Job.objects.filter(pk=job.pk).update(not_before=None)
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    journal = journal_of(home, job)
    assert (journal.attempt, journal.computed_under, contributions(job)) == (2, 1, ["received"])


def test_a_claim_whose_answer_was_lost_is_found_again(home, job):
    with working(home, job) as work:
        claim(work)
        work.journal.note(attempt=0, claiming=True)  # as after a death before the answer was written down
        regain(work)
        assert work.journal.attempt == 1


def test_a_round_that_ended_without_us_closes_the_journal_and_keeps_the_result(home, job):
    computed(home, job)
    abandon_round(make_maintainer(), job.round, cause="nobody came")
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    journal = journal_of(home, job)
    assert (journal.ended, contributions(job)) == ("round-over", [])
    assert (journal.folder / "delta.safetensors").exists() or (journal.folder / UPDATE).exists()


def test_a_suspended_node_keeps_its_work_and_sends_it_when_it_is_reinstated(home, job, capsys):
    computed(home, job)
    suspend_node(make_maintainer(), row_of(home), cause="a question")
    assert take_on(home, journal_of(home, job)) is Outcome.STANDING
    assert command(home, "status") == 4
    assert "suspended" in capsys.readouterr().out
    reinstate_node(make_maintainer(), row_of(home), cause="answered")
    Job.objects.filter(pk=job.pk).update(not_before=None)
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    assert contributions(job) == ["received"]


def test_a_job_waits_for_a_persons_word_and_the_coordinator_knows_why(home, job, capsys):
    home.policy_file.write_text(POLICY + 'approval = "always"\n')
    assert take_on(home, journal_of(home, job)) is Outcome.HELD
    job.refresh_from_db()
    assert (job.held_code, job.attempt) == ("awaiting-local-approval", 0)
    assert command(home, "jobs") == 0
    assert "awaiting-local-approval" in capsys.readouterr().out
    assert command(home, "decline", str(job.pk)[:8], "--reason", "not this year") == 0
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    job.refresh_from_db()
    assert (job.state, job.reason_code) == ("refused", "declined-here")


def test_an_approved_job_is_held_by_a_pause_and_trains_when_it_is_resumed(home, job):
    home.policy_file.write_text(POLICY + 'approval = ["contributed-cpt"]\n')
    assert take_on(home, journal_of(home, job)) is Outcome.HELD
    assert command(home, "approve", str(job.pk)[:8]) == 0
    assert command(home, "pause", str(job.pk)[:8], "--reason", "exams") == 0
    assert take_on(home, journal_of(home, job)) is Outcome.HELD
    job.refresh_from_db()
    assert (job.state, journal_of(home, job).told_pause) == ("paused", True)
    assert command(home, "resume", str(job.pk)[:8]) == 0
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    assert contributions(job) == ["received"]


def test_an_approval_is_of_one_manifest_only(home, job):
    home.policy_file.write_text(POLICY + 'approval = "always"\n')
    take_on(home, journal_of(home, job))
    command(home, "approve", str(job.pk)[:8])
    said = journal_of(home, job).folder / "said.json"
    said.write_text(said.read_text().replace(journal_of(home, job).manifest_digest, "0" * 64))
    assert take_on(home, journal_of(home, job)) is Outcome.HELD


def test_outside_its_hours_a_node_holds_the_job_and_says_so(home, job):
    now = datetime.now(UTC)
    window = f"{now + timedelta(hours=2):%H}:00-{now + timedelta(hours=3):%H}:00"
    home.policy_file.write_text(POLICY + f'hours = ["{window}"]\n')
    assert take_on(home, journal_of(home, job)) is Outcome.HELD
    job.refresh_from_db()
    assert (job.state in ("queued", "dispatched"), job.held_code) == (True, "outside-hours")


def test_a_new_key_works_at_once_and_the_old_one_finishes_what_names_it(home, job, capsys):
    computed(home, job)
    before = home.key.did
    assert command(home, "rotate-key") == 0
    now = NodeHome(home.folder)
    assert (now.key.did != before, now.key_named(before).did) == (True, before)
    assert take_on(now, journal_of(home, job)) is Outcome.DONE
    signed = Contribution.objects.get(job=job).statement
    assert signed.envelope["signatures"][0]["keyid"] == before
    assert row_of(now).did == now.key.did


def test_a_program_that_is_too_old_is_told_so_and_keeps_its_work(home, job, monkeypatch, caplog):
    computed(home, job)
    monkeypatch.setattr(asking, "PROTOCOL", 1)
    caplog.set_level("INFO")
    assert take_on(home, journal_of(home, job)) is Outcome.STANDING
    assert "protocol-too-old" in caplog.text
    assert journal_of(home, job).step == "computed"


def test_a_policy_that_became_unreadable_costs_no_job(home, job, caplog):
    computed(home, job)
    home.policy_file.write_text("purposes = [")
    caplog.set_level("INFO")
    assert take_on(home, journal_of(home, job)) is Outcome.STANDING
    assert "node-policy" in caplog.text
    home.policy_file.write_text(POLICY)
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    assert contributions(job) == ["received"]


def test_enrolling_again_tells_the_news_of_the_machine(home, capsys):
    assert command(home, "enrol") == 0
    assert "is active at" in capsys.readouterr().out
    assert int(row_of(home).capabilities["cpu_count"]) >= 1


def test_a_private_build_starts_from_a_base_that_the_node_pulled(home, job):
    base = job.round.base
    start = find_base(home, BasePlan(checkpoint=base.digest))
    pulled = start.files[base.weights_sha256]
    assert (hash_file(pulled)[0].hex(), start.weights.digest) == (base.weights_sha256, base.digest)
    assert start.family.architecture == TINY


def test_a_base_that_is_here_needs_no_coordinator(home, job, monkeypatch):
    plan = BasePlan(checkpoint=job.round.base.digest)
    before = find_base(home, plan)
    monkeypatch.setenv("TAPESTRY_NODE_COORDINATOR", "http://127.0.0.1:9")
    assert find_base(NodeHome(home.folder), plan) == before


def test_only_what_the_policy_names_is_told_of_a_build(home):
    waiting = home.builds / "b" / "report.json"
    waiting.parent.mkdir()
    waiting.write_text('{"key": "6b0e2a0a-58a4-4a5b-9a36-4f1b8a0f9b11", "said": {"state": "succeeded"}}')
    assert send_reports(home) == 0
    told = BuildReport.objects.get(node=row_of(home))
    assert (told.kind, told.base, told.said) == ("", None, {"state": "succeeded"})
    assert not waiting.exists()
