"""Rules change when more than half of all members with a maintainer say yes, and in no other way (INV-7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.governance.closing import close_due
from catalog.governance.models import Choice, Motion, Rule
from catalog.governance.reading import rule, rules_in_force
from catalog.governance.services import vote, withdraw_motion
from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from catalog.members.services import grant_role
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.factories import make_member, make_person


def actions(motion):
    told = Event.objects.filter(subject=f"motion:{motion.pk}").order_by("id")
    return list(told.values_list("action", flat=True))


def test_without_a_vote_the_defaults_hold(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        held = rules_in_force()
    assert held["review.quorum"].value == 2
    with pytest.raises(KeyError):
        rule("review.colour")


def test_the_third_yes_of_five_carries_it_at_once(house):
    motion = house.move()
    house.vote(motion, 0)
    house.vote(motion, 1)
    assert rule("review.quorum") == 2
    house.vote(motion, 2)
    motion.refresh_from_db()
    assert (motion.state, rule("review.quorum")) == ("carried", 3)
    assert actions(motion) == ["motion.opened", *["motion.voted"] * 3, "motion.carried"]


def test_the_log_says_what_the_rule_was_and_is_and_by_which_vote(house):
    motion = house.carry(house.move())
    event = Event.objects.get(action="rule.changed")
    assert (event.details["was"], event.details["value"], event.audience) == (2, 3, "public")
    assert (event.subject, event.approval) == ("rule:review.quorum", f"motion:{motion.pk}")
    assert rules_in_force()["review.quorum"].motion == str(motion.pk)


def test_it_is_lost_as_soon_as_it_can_not_be_won(house):
    motion = house.move()
    for by, choice in enumerate([Choice.NO, Choice.ABSTAIN, Choice.NO]):
        house.vote(motion, by, choice)
    motion.refresh_from_db()
    assert (motion.state, Rule.objects.count()) == ("lost", 0)
    with pytest.raises(Conflict, match="lost"):
        house.vote(motion, 3)


def test_it_lapses_when_its_time_is_over(house):
    motion = house.move()
    house.vote(motion, 0)
    assert close_due() == 0
    assert [close_due(at=timezone.now() + timedelta(days=15)) for _ in range(2)] == [1, 0]
    motion.refresh_from_db()
    assert motion.state == "lapsed"


def test_nobody_votes_after_the_time_though_the_clock_has_not_come_by(house):
    motion = house.move()
    Motion.objects.update(closes_at=timezone.now())
    with pytest.raises(Conflict) as caught:
        house.vote(motion, 0)
    assert caught.value.code == "motion-not-open"


def test_a_member_that_lost_its_voice_is_no_longer_counted(house):
    motion = house.move()
    for by in range(2):
        house.vote(motion, by)
    User.objects.filter(pk__in=[actor.key for actor in house.maintainers[3:]]).update(is_active=False)
    assert close_due() == 1
    assert rule("review.quorum") == 3


def test_a_member_votes_once_and_a_person_once(house):
    motion = house.move()
    house.vote(motion, 0)
    with pytest.raises(Conflict) as caught:
        house.vote(motion, 0)
    assert caught.value.code == "already-voted"
    colleague, own = make_person(), make_member("member-0")
    grant_role(actor=house.maintainers[0], user=colleague, member=own, role=Role.MAINTAINER)
    with pytest.raises(Conflict):
        vote(actor=actor_of(colleague), motion=motion, choice=Choice.NO)


def test_the_mover_takes_it_back_and_others_can_not(house):
    motion = house.move()
    with pytest.raises(NotPermitted):
        withdraw_motion(actor=house.maintainers[1], motion=motion)
    withdraw_motion(actor=house.maintainers[0], motion=motion)
    motion.refresh_from_db()
    assert (motion.state, actions(motion)[-1]) == ("withdrawn", "motion.withdrawn")


def test_one_motion_about_a_rule_at_a_time(house):
    motion = house.move()
    with pytest.raises(Conflict) as caught:
        house.move(value=4, by=1)
    assert caught.value.code == "motion-open"
    house.carry(motion)
    assert house.move(value=4, by=1).change == {"key": "review.quorum", "value": 4, "was": 3}
