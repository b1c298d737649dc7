"""Votes at the same moment, on real connections of their own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.governance.closing import close_due
from catalog.governance.models import Ballot, Choice, Motion, MotionKind, Rule
from catalog.governance.reading import rule
from catalog.governance.services import move, vote
from catalog.members.models import Role
from provenance.events.models import Event
from tests.factories import make_actor, make_member
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
CHANGE = {"key": "review.quorum", "value": 3}


def moving(actor):
    return lambda: move(actor=actor, kind=MotionKind.SETTING, change=CHANGE, reason="We grew.")


def voting(actor, motion, choice=Choice.YES):
    return lambda: vote(actor=actor, motion=motion, choice=choice)


def five():
    return [make_actor(make_member(), Role.MAINTAINER) for _ in range(5)]


def test_two_last_ballots_at_once_carry_once():
    people = five()
    motion = moving(people[0])()
    for actor in people[:2]:
        voting(actor, motion)()
    answers = at_once(*(voting(actor, motion) for actor in people[2:4]))
    assert answers.count("motion-not-open") == 1
    assert (Rule.objects.count(), Ballot.objects.count(), rule("review.quorum")) == (1, 3, 3)
    assert Event.objects.filter(action="motion.carried").count() == 1


def test_a_last_yes_and_a_last_no_come_to_one_end():
    people = five()
    motion = moving(people[0])()
    for number, actor in enumerate(people[:4]):
        voting(actor, motion, Choice.NO if number < 2 else Choice.YES)()
    answers = at_once(voting(people[4], motion), voting(people[4], motion, Choice.NO))
    assert sum(answer in {"motion-not-open", "already-voted"} for answer in answers) == 1
    motion.refresh_from_db()
    assert Rule.objects.count() == (motion.state == "carried")


def test_a_last_ballot_and_the_clock_come_to_one_end():
    people = five()
    motion = moving(people[0])()
    for actor in people[:2]:
        voting(actor, motion)()
    Motion.objects.update(closes_at=timezone.now() + timedelta(milliseconds=5))
    at_once(voting(people[2], motion), close_due)
    close_due(at=timezone.now() + timedelta(days=1))
    motion.refresh_from_db()
    assert Rule.objects.count() == (motion.state == "carried")
    assert Event.objects.filter(action__in=["motion.carried", "motion.lapsed"]).count() == 1


def test_of_two_motions_about_the_same_rule_at_once_one_is_opened():
    people = five()
    answers = at_once(*map(moving, people[:2]))
    assert answers.count("motion-open") == 1
    assert Event.objects.filter(action="consortium.founded").count() == 1
