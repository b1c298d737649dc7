"""The members' cadence opens rounds by itself, one at a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.governance.models import Choice, MotionKind
from catalog.governance.services import move, vote
from provenance.actors import Actor
from provenance.events.models import Event
from tests.racing import at_once
from tests.training.api.signing_node import make_family, make_maintainer, make_round
from training.rounds.cadence import open_due_rounds
from training.rounds.models import Round
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(db) -> Round:
    """A round of 25 hours ago that has ended, on a plan of its own."""
    round_ = make_round(minimum_contributions=2)
    abandon_round(make_maintainer(), round_, "It was the first.")
    Round.objects.filter(pk=round_.pk).update(opened_at=timezone.now() - timedelta(hours=25))
    return round_


@pytest.fixture
def voters(ended) -> list[Actor]:
    """More than half of all members; whoever comes from now on has to be voted in."""
    return [make_maintainer() for _ in range(5)]


def carry(voters: list[Actor], key: str, value: int) -> None:
    motion = move(
        actor=voters[0], kind=MotionKind.SETTING, change={"key": key, "value": value}, reason="We grew."
    )
    for voter in voters:
        motion.refresh_from_db()
        if motion.state == "open":
            vote(actor=voter, motion=motion, choice=Choice.YES)


def test_without_a_vote_people_open_rounds(ended):
    assert open_due_rounds() == []


def test_when_it_is_due_the_next_round_opens_on_the_same_plan_and_nobody_opened_it(ended, voters):
    carry(voters, "round.cadence_hours", 24)
    [round_] = open_due_rounds()
    assert (round_.number, round_.plan, round_.minimum_contributions) == (2, ended.plan, 2)
    assert round_.opened_by is None
    told = Event.objects.filter(action="round.opened").latest("id")
    assert (told.actor_label, told.reason_codes) == ("coordinator", ["cadence"])


def test_it_opens_no_second_one_and_none_before_its_time(ended, voters):
    carry(voters, "round.cadence_hours", 24)
    [running] = open_due_rounds()
    assert open_due_rounds() == []
    abandon_round(voters[0], running, "Not this one.")
    assert open_due_rounds() == []


def test_a_family_that_never_had_a_round_waits_for_people(ended, voters):
    family = make_family(8)
    carry(voters, "round.cadence_hours", 24)
    assert family not in [round_.family for round_ in open_due_rounds()]


def test_mode_and_deadline_are_those_that_the_members_voted_for(ended, voters):
    carry(voters, "round.cadence_hours", 24)
    carry(voters, "round.mode", 1)
    carry(voters, "round.hours", 48)
    [round_] = open_due_rounds()
    assert (round_.mode, round_.most_stale) == ("asynchronous", 2)
    assert round_.deadline - round_.opened_at == pytest.approx(timedelta(hours=48), abs=timedelta(seconds=5))


@pytest.mark.django_db(transaction=True)
def test_two_that_look_at_the_same_moment_open_one(ended, voters):
    carry(voters, "round.cadence_hours", 24)
    opened = at_once(open_due_rounds, open_due_rounds)
    assert sorted(map(len, opened)) == [0, 1]
    assert Round.objects.filter(family=ended.family).count() == 2
