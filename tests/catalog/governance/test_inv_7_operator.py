"""INV-7: whoever keeps the machine running changes no rule, by no service and by no SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.governance.models import Ballot, Choice, Motion, MotionKind, Rule
from catalog.governance.reading import rule
from catalog.governance.services import move, vote, withdraw_motion
from catalog.members.actors import actor_of
from catalog.members.models import User
from provenance.actors import ANONYMOUS, COORDINATOR
from provenance.errors import NotPermitted
from provenance.events.models import Event

SETS = (
    "INSERT INTO catalog_rule (key, value, motion_id, in_force_from) VALUES ('review.quorum', '1', %s, now())"
)
CASTS = """INSERT INTO catalog_ballot (motion_id, member_id, voter_id, choice, note, cast_at)
           SELECT %s, member_id, %s, 'yes', '', now() FROM catalog_membership
            WHERE role = 'maintainer' LIMIT 1"""
CARRIES = "UPDATE catalog_motion SET state = 'carried', decided_at = now() WHERE id = %s"


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("operator@example.org", "a good password", name="Operator")


def by_hand(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_neither_operator_nor_coordinator_moves_votes_or_takes_back(house, operator):
    motion = house.move()
    change = {"key": "review.days", "value": 3}
    for actor in (actor_of(operator), COORDINATOR):
        with pytest.raises(NotPermitted):
            move(actor=actor, kind=MotionKind.SETTING, change=change, reason="Faster.")
        with pytest.raises(NotPermitted):
            vote(actor=actor, motion=motion, choice=Choice.YES)
        with pytest.raises(NotPermitted):
            withdraw_motion(actor=actor, motion=motion)
    assert (Motion.objects.count(), Ballot.objects.count()) == (1, 0)


def test_each_attempt_stays_in_the_log_for_the_consortium(house, operator):
    motion = house.move()
    with pytest.raises(NotPermitted):
        vote(actor=actor_of(operator), motion=motion, choice=Choice.YES)
    event = Event.objects.get(outcome="denied")
    assert (event.action, event.actor, event.audience) == (
        "motion.refused",
        f"person:{operator.pk}",
        "consortium",
    )
    assert (event.subject, event.reason_codes) == (f"motion:{motion.pk}", ["not-a-maintainer"])


def test_a_stranger_leaves_nothing_in_the_log(house):
    with pytest.raises(NotPermitted):
        vote(actor=ANONYMOUS, motion=house.move(), choice=Choice.YES)
    assert not Event.objects.filter(outcome="denied").exists()


def test_no_rule_is_written_by_hand_without_a_vote(house):
    motion = house.move()
    for prepare in (lambda: None, lambda: by_hand(CARRIES, motion.pk)):
        prepare()
        with pytest.raises(DatabaseError, match="INV-7"):
            by_hand(SETS, motion.pk)
    assert (rule("review.quorum"), Rule.objects.count()) == (2, 0)


def test_nor_another_value_than_was_voted_for(house):
    motion = house.carry(house.move())
    with pytest.raises(DatabaseError, match="INV-7"):
        by_hand(SETS, motion.pk)
    with pytest.raises(DatabaseError, match="Cannot update"):
        by_hand("UPDATE catalog_rule SET value = '1'")
    assert rule("review.quorum") == 3


def test_no_ballot_is_cast_by_hand_for_who_has_no_voice(house, operator):
    motion = house.move()
    with pytest.raises(DatabaseError, match="INV-7"):
        by_hand(CASTS, motion.pk, operator.pk)
    house.vote(motion, 0)
    with pytest.raises(DatabaseError, match="Cannot update"):
        by_hand("DELETE FROM catalog_ballot")


def test_nor_after_the_vote_is_over(house):
    motion = house.carry(house.move())
    with pytest.raises(DatabaseError, match="not open"):
        by_hand(CASTS, motion.pk, house.maintainers[3].key)
