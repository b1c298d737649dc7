"""What is missing is said in words."""

import pytest

from catalog.members.models import Role
from catalog.proposals.services import what_is_missing, withdraw_proposal
from provenance.errors import Conflict, NotPermitted
from tests.factories import approve, make_actor, make_draft, make_member, make_submitted

pytestmark = pytest.mark.django_db


def test_a_complete_draft_only_waits_for_its_steward():
    actor, proposal = make_draft()
    assert what_is_missing(proposal, actor=actor) == [f"A steward of {proposal.member} has to submit it."]


def test_under_review_it_names_who_may_still_speak():
    actor, proposal = make_submitted()
    make_actor(make_member("lotus"), Role.MAINTAINER)
    make_actor(make_member("baobab"), Role.MAINTAINER)
    make_actor(proposal.member, Role.MAINTAINER)
    count, names = what_is_missing(proposal, actor=actor)
    assert count == "2 members have to approve it (0 of 2 have)."
    assert names == "Maintainers of these members may still review it: Institute baobab, Institute lotus."


def test_after_one_approval_one_is_left():
    actor, proposal = make_submitted()
    make_actor(make_member(), Role.MAINTAINER)
    approve(proposal, 1)
    proposal.refresh_from_db()
    first = what_is_missing(proposal, actor=actor)[0]
    assert first.startswith("One more member has to approve it (1 of 2 have).")


def test_it_says_when_nobody_is_left_to_speak():
    actor, proposal = make_submitted()
    assert "Too few members" in what_is_missing(proposal, actor=actor)[-1]


def test_nothing_is_missing_once_accepted():
    actor, proposal = make_submitted()
    approve(proposal)
    proposal.refresh_from_db()
    assert what_is_missing(proposal, actor=actor) == []


def test_a_steward_withdraws_until_it_is_decided():
    steward, proposal = make_submitted()
    with pytest.raises(NotPermitted):
        withdraw_proposal(actor=make_actor(make_member(), Role.STEWARD), proposal=proposal)
    assert withdraw_proposal(actor=steward, proposal=proposal).state == "withdrawn"
    with pytest.raises(Conflict, match="can not become"):
        withdraw_proposal(actor=steward, proposal=proposal)
