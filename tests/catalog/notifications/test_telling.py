"""Who is told of what: those whom an event concerns and who may know of it, and never who did it."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.batches.models import Batch
from catalog.governance.models import MotionKind
from catalog.governance.services import move
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.notifications.models import Notification
from catalog.notifications.reading import unread_count
from catalog.notifications.receiving import tell_people
from catalog.notifications.rules import RULES
from catalog.notifications.wording import SENTENCES
from catalog.pages.stories import SENTENCES as STORIES
from catalog.proposals.services import withdraw_proposal
from catalog.review.models import Verdict
from provenance.actors import CONSORTIUM, COORDINATOR, member_audience
from provenance.events.models import Event
from provenance.events.services import record_event
from tests.catalog.notifications.conftest import actions, told
from tests.factories import make_draft, make_person, make_submitted


def test_the_author_and_the_other_stewards_hear_that_changes_are_wanted(scene):
    scene.send_back()
    assert told(scene.author)[-1].why == "You started the proposal, or saved it last."
    assert told(scene.colleague)[-1].why == "You are a data steward of the member that proposes it."
    assert "ask for changes" in told(scene.author)[-1].sentence
    assert told(scene.author)[-1].path == scene.proposal.get_absolute_url()


def test_nobody_is_told_of_their_own_deed(scene):
    withdraw_proposal(actor=actor_of(scene.author), proposal=scene.proposal)
    assert "proposal.withdrawn" not in actions(scene.author)
    assert "proposal.withdrawn" in actions(scene.colleague)


def test_the_other_reviewers_hear_how_it_ended(scene):
    for reviewer in scene.reviewers:
        scene.review(reviewer, Verdict.APPROVE)
    first, last = scene.reviewers
    assert told(first)[-1].why in {"You spoke on the proposal.", "You are asked to review the proposal."}
    assert "proposal.accepted" in actions(first)
    assert "proposal.accepted" not in actions(last)


def test_people_whom_it_does_not_concern_hear_nothing(scene):
    scene.send_back()
    assert actions(scene.outsider) == []


def test_people_without_an_account_that_is_open_hear_nothing(scene):
    scene.colleague.is_active = False
    scene.colleague.save()
    scene.send_back()
    assert actions(scene.colleague) == []


def test_inv_6_what_the_log_tells_to_one_member_is_told_to_that_member_alone(scene):
    former = make_person("weavers-of-old", Role.STEWARD)
    draft = make_draft(member=scene.member, actor=actor_of(scene.author))[1]
    draft.saved_by = former
    draft.save(update_fields=["saved_by"])
    with transaction.atomic():
        record_event(
            actor=COORDINATOR,
            action="proposal.made-private",
            subject=f"proposal:{draft.pk}",
            audience=member_audience(scene.member.slug),
        )
    assert actions(former) == []
    assert actions(scene.author)[-1:] == ["proposal.made-private"]


def test_inv_6_what_became_private_is_neither_shown_nor_counted(scene):
    scene.review(scene.reviewers[0], Verdict.APPROVE)
    withdraw_proposal(actor=actor_of(scene.author), proposal=scene.proposal)
    reader = actor_of(scene.reviewers[0])
    assert unread_count(reader) == len(told(reader)) > 0
    type(scene.proposal).objects.filter(pk=scene.proposal.pk).update(record={"tier": "private"}, files=[])
    assert unread_count(reader) == len(told(reader)) == 0
    assert unread_count(actor_of(scene.colleague)) > 0


def test_who_left_the_consortium_is_told_nothing_more_of_it(scene):
    scene.send_back()
    scene.colleague.memberships.all().delete()
    assert told(scene.colleague) == []
    assert unread_count(actor_of(scene.colleague)) == 0


@pytest.mark.parametrize(("action", "most"), [("proposal.saved", 1), ("proposal.blocked", 3)])
def test_an_event_costs_at_most_two_queries_more(scene, action, most):
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        record_event(
            actor=COORDINATOR, action=action, subject=f"proposal:{scene.proposal.pk}", audience=CONSORTIUM
        )
    assert len(captured) <= most


def test_an_event_that_comes_twice_is_told_once(scene):
    scene.send_back()
    before = Notification.objects.count()
    event = Event.objects.filter(action="proposal.changes-requested").get()
    tell_people(Event, event, created=True)
    assert Notification.objects.count() == before > 0


def test_what_was_rolled_back_is_told_to_nobody(scene):
    with transaction.atomic():
        scene.send_back()
        assert actions(scene.author)
        transaction.set_rollback(True)
    assert Notification.objects.count() == 0


def test_each_action_that_people_are_told_of_has_a_sentence_here_and_in_the_log():
    assert set(RULES) == set(SENTENCES)
    assert {action for action in RULES if action not in STORIES} == set()


def test_a_private_entry_concerns_its_own_member_alone(scene):
    actor, _ = make_submitted("private", member=scene.member, actor=actor_of(scene.author))
    del actor
    people = Notification.objects.filter(event__action="proposal.sealed").values_list("recipient", flat=True)
    assert set(people) == {scene.colleague.pk}


def test_a_subject_that_is_no_address_is_told_to_nobody(scene):
    with transaction.atomic():
        record_event(actor=COORDINATOR, action="access.granted", audience=CONSORTIUM)
    assert Notification.objects.count() == 0


def test_every_maintainer_is_told_of_a_motion(scene):
    mover = actor_of(scene.reviewers[0])
    motion = move(
        actor=mover, kind=MotionKind.SETTING, change={"key": "review.days", "value": 10}, reason="Fair."
    )
    assert told(scene.reviewers[1])[-1].path == motion.get_absolute_url()
    assert told(scene.reviewers[1])[-1].about.startswith("Motion: ")
    assert "motion.opened" not in actions(scene.reviewers[0]) + actions(scene.outsider)


def test_what_the_clock_did_in_somebodys_name_is_told_to_them(scene):
    batch = Batch.objects.create(member=scene.member, created_by=scene.author, name="tales.csv", format="csv")
    with transaction.atomic():
        record_event(
            actor=actor_of(scene.author),
            action="batch.worked-through",
            subject=f"batch:{batch.pk}",
            audience=member_audience(scene.member.slug),
        )
    assert told(scene.author)[-1].about == "Table: tales.csv"
    assert told(scene.colleague) == []
