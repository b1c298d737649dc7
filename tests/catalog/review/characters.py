"""People of a review, and what they say, in a few words."""

from catalog.governance.models import Choice, MotionKind
from catalog.governance.services import move, vote
from catalog.members.models import Role, User
from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from tests.factories import make_actor, make_member

KINDS = {
    Verdict.APPROVE: {"accepted_for": AcceptedFor.TRAINING},
    Verdict.BLOCK: {"ground": BlockGround.RIGHTS},
}


def maintainer(member=None):
    return make_actor(member or make_member(), Role.MAINTAINER)


def community(member=None):
    return make_actor(member or make_member(), Role.COMMUNITY)


def say(actor, proposal, verdict, **given):
    """One word with a reason; the proposal is read again afterwards."""
    given = {"note": "Read it.", **KINDS.get(verdict, {}), **given}
    review = review_proposal(actor=actor, proposal=proposal, verdict=verdict, **given)
    proposal.refresh_from_db()
    return review


def person_of(actor):
    return User.objects.get(pk=actor.key)


def settle_rule(key, value, actors):
    """A rule that these maintainers of different members moved and voted for."""
    change = {"key": key, "value": value}
    motion = move(actor=actors[0], kind=MotionKind.SETTING, change=change, reason="We grew.")
    for actor in actors:
        motion.refresh_from_db()
        if motion.state == "open":
            vote(actor=actor, motion=motion, choice=Choice.YES)
