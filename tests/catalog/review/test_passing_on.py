"""Time reminds and passes on, each once. It decides nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.datasets.services import withdraw_dataset
from catalog.lifecycle.change_notes import write_change_note
from catalog.proposals.services import save_draft, start_proposal, submit_proposal
from catalog.review.models import Assignment, Verdict
from catalog.review.passing_on import pass_on_due, remind_before_due, remind_of_appeals, settle_reviews
from catalog.review.reading import assignments_of
from catalog.review.services import appeal
from catalog.review.tasks import pass_on_overdue, remind_reviewers
from provenance.events.models import Event
from tests.catalog.review.characters import maintainer, say, settle_rule
from tests.factories import approve, make_actor, make_dataset, make_submitted

pytestmark = pytest.mark.django_db


def days(number):
    return timezone.now() + timedelta(days=number)


def happened(action):
    return Event.objects.filter(action=f"proposal.{action}").count()


@pytest.fixture
def asked():
    """One assignment, of the only maintainer that there is."""
    maintainer()
    _, proposal = make_submitted()
    return assignments_of(proposal).get()


def test_three_days_before_it_is_due_its_reviewer_is_reminded_once(asked):
    assert remind_before_due(at=days(10)) == 0
    assert [remind_before_due(at=days(12)), remind_before_due(at=days(13))] == [1, 0]
    event = Event.objects.get(action="proposal.review-due")
    assert (event.details["reviewer"], event.details["overdue"]) == (f"person:{asked.reviewer_id}", False)


def test_overdue_it_is_passed_on_to_somebody_else(asked):
    other = maintainer()
    assert [pass_on_due(at=days(13)), pass_on_due(at=days(15)), pass_on_due(at=days(15))] == [0, 1, 0]
    asked.refresh_from_db()
    assert asked.state == "passed-on"
    following = assignments_of(asked.proposal).get()
    assert (following.reviewer_id, following.assigned_by) == (other.key, None)
    event = Event.objects.get(action="proposal.assignment-passed-on")
    assert event.details["to"] == f"person:{other.key}"


def test_where_nobody_else_is_there_they_are_reminded_again_and_keep_it(asked):
    remind_before_due(at=days(12))
    assert [pass_on_due(at=days(15)), pass_on_due(at=days(16))] == [1, 0]
    asked.refresh_from_db()
    assert (asked.state, happened("review-due"), happened("assignment-passed-on")) == ("open", 2, 0)


def test_what_was_passed_on_never_comes_back_to_who_let_it_pass(asked):
    maintainer()
    for days_later in (15, 30, 45, 60):
        pass_on_due(at=days(days_later))
    assert list(Assignment.objects.values_list("state", flat=True).order_by("id")) == ["passed-on", "open"]


def test_a_decided_review_is_left_alone(asked):
    approve(asked.proposal)
    assert pass_on_due(at=days(15)) == 0


def test_an_appeal_without_enough_voices_is_told_once_and_stays_open(asked):
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    held = appeal(actor=steward, proposal=proposal, grounds="The licence is clear.")
    assert [
        remind_of_appeals(at=days(20)),
        remind_of_appeals(at=days(22)),
        remind_of_appeals(at=days(23)),
    ] == [
        0,
        1,
        0,
    ]
    held.refresh_from_db()
    proposal.refresh_from_db()
    assert (held.state, proposal.state) == ("open", "blocked")


def test_a_lower_quorum_decides_what_was_said_before_it():
    people = [maintainer() for _ in range(4)]
    _, proposal = make_submitted()
    settle_rule("review.quorum", 3, people)
    for actor in people[:2]:
        say(actor, proposal, Verdict.APPROVE)
    assert (proposal.state, settle_reviews()) == ("in_review", 0)
    settle_rule("review.quorum", 2, people)
    assert [settle_reviews(), settle_reviews()] == [1, 0]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.accepted_for) == ("accepted", "training")


def test_what_can_not_be_published_any_more_keeps_no_other_review_waiting():
    people = [maintainer() for _ in range(4)]
    entry = make_dataset()
    steward = make_actor(entry.member, "steward")
    _, other = make_submitted()
    settle_rule("review.quorum", 3, people)
    draft = start_proposal(actor=steward, member=entry.member, dataset=entry)
    draft = write_change_note(actor=steward, proposal=draft, text="Proofread.", expected_revision=1)
    record = {**draft.record, "affirmed": True}
    draft = save_draft(actor=steward, proposal=draft, record=record, expected_revision=draft.revision)
    first = submit_proposal(actor=steward, proposal=draft)
    for actor in people[:2]:
        approve(first, actor=actor)
        approve(other, actor=actor)
    settle_rule("review.quorum", 2, people)
    withdraw_dataset(actor=steward, dataset=entry, reason="A mistake.")
    assert settle_reviews() == 1


def test_the_tasks_find_their_work_by_themselves(asked):
    Assignment.objects.filter(pk=asked.pk).update(due_at=days(-1))
    pass_on_overdue()
    remind_reviewers()
    assert happened("review-due") == 1
