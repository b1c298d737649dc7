"""Two at the same moment, on real connections of their own: one thing happens, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.proposals.services import submit_proposal
from catalog.review.models import Assignment, Verdict
from catalog.review.passing_on import pass_on_due, remind_before_due, remind_of_appeals, settle_reviews
from catalog.review.reading import assignments_of
from catalog.review.services import (
    appeal,
    decline,
    open_thread,
    recuse_oneself,
    resolve,
    speak_on_appeal,
    withdraw_appeal,
)
from provenance.events.models import Event
from tests.catalog.review.characters import maintainer, say, settle_rule
from tests.factories import approve, make_draft, make_submitted
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def later(days):
    return timezone.now() + timedelta(days=days)


def test_an_approval_and_a_block_at_once_end_in_one_state():
    _, proposal = make_submitted()
    first, second, blocker = (maintainer() for _ in range(3))
    approve(proposal, actor=first)
    answers = at_once(lambda: approve(proposal, actor=second), lambda: say(blocker, proposal, Verdict.BLOCK))
    proposal.refresh_from_db()
    assert answers.count("not-under-review") == 1
    assert proposal.state in {"accepted", "blocked"}
    assert DatasetVersion.objects.count() == (proposal.state == "accepted")


def test_declining_what_is_overdue_passes_it_on_once():
    asked = maintainer()
    _, proposal = make_submitted()
    maintainer(), maintainer()
    held = assignments_of(proposal).get()
    at_once(
        lambda: decline(actor=asked, assignment=held, reason="No time."),
        *[lambda: pass_on_due(at=later(15))] * 3,
    )
    held.refresh_from_db()
    assert held.state in {"declined", "passed-on"}
    assert Assignment.objects.filter(proposal=proposal).count() == 2


def test_several_workers_remind_and_pass_on_once():
    maintainer()
    make_submitted()
    at_once(*[lambda: remind_before_due(at=later(12))] * 3)
    maintainer()
    at_once(*[lambda: pass_on_due(at=later(15))] * 3)
    for action in ("proposal.review-due", "proposal.assignment-passed-on"):
        assert Event.objects.filter(action=action).count() == 1


def test_two_last_voices_on_an_appeal_uphold_it_once():
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    judges = [maintainer() for _ in range(3)]
    held = appeal(actor=steward, proposal=proposal, grounds="The licence is clear.")

    def uphold(actor):
        return lambda: speak_on_appeal(actor=actor, appeal=held, upholds=True, note="Read it.")

    answers = at_once(*map(uphold, judges))
    assert answers.count("appeal-closed") == 1
    assert Event.objects.filter(action="proposal.appeal-upheld").count() == 1
    revision = proposal.revision
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision) == ("in_review", revision + 1)


def test_an_appeal_that_is_taken_back_while_it_is_decided_ends_in_one_state():
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    judge = maintainer()
    held = appeal(actor=steward, proposal=proposal, grounds="The licence is clear.")
    answers = at_once(
        lambda: withdraw_appeal(actor=steward, appeal=held),
        lambda: speak_on_appeal(actor=judge, appeal=held, upholds=True, note="Read it."),
    )
    held.refresh_from_db()
    proposal.refresh_from_db()
    assert answers.count("appeal-closed") == 1
    assert (held.state, proposal.state) in {("withdrawn", "blocked"), ("upheld", "in_review")}


def test_several_workers_tell_of_an_overdue_appeal_once():
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    appeal(actor=steward, proposal=proposal, grounds="The licence is clear.")
    at_once(*[lambda: remind_of_appeals(at=later(30))] * 3)
    assert Event.objects.filter(action="proposal.appeal-due").count() == 1


def test_two_appeals_at_once_are_one():
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    answers = at_once(*[lambda: appeal(actor=steward, proposal=proposal, grounds="It is clear.")] * 2)
    assert answers.count("already-appealed") == 1


def test_a_word_and_a_recusal_at_once_never_end_in_a_word_after_it():
    _, proposal = make_submitted()
    actor = maintainer()
    at_once(
        lambda: approve(proposal, actor=actor),
        lambda: recuse_oneself(actor=actor, proposal=proposal, reason="I advised them."),
    )
    recused = proposal.recusals.get()
    assert all(review.created_at < recused.created_at for review in proposal.reviews.all())


def test_two_hand_ins_at_once_are_one():
    maintainer()
    steward, draft = make_draft()
    answers = at_once(*[lambda: submit_proposal(actor=steward, proposal=draft)] * 2)
    assert answers.count("not-editable") == 1
    assert (draft.submissions.count(), draft.assignments.count()) == (1, 1)


def test_a_thread_is_resolved_once():
    steward, proposal = make_submitted()
    thread = open_thread(actor=steward, proposal=proposal, field="", text="A note.")
    answers = at_once(*[lambda: resolve(actor=steward, thread=thread)] * 2)
    assert answers.count("already-resolved") == 1


def test_several_workers_settle_a_review_once():
    people = [maintainer() for _ in range(4)]
    _, proposal = make_submitted()
    settle_rule("review.quorum", 3, people)
    approve(proposal, actor=people[0])
    approve(proposal, actor=people[1])
    settle_rule("review.quorum", 2, people)
    assert sum(at_once(*[settle_reviews] * 3)) == 1
    assert DatasetVersion.objects.count() == 1
