"""Stepping back is for good, and undoes nothing that was said."""

import pytest

from catalog.members.models import Role
from catalog.review.models import Verdict
from catalog.review.recusing import is_recused
from catalog.review.services import recuse_oneself
from catalog.review.tally import members_left
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from tests.catalog.review.characters import community, maintainer, say
from tests.factories import approve, make_actor, make_member, make_submitted

pytestmark = pytest.mark.django_db


def test_who_recused_themselves_has_no_voice_in_any_revision():
    _, proposal = make_submitted()
    actor = maintainer()
    assert is_recused(actor, proposal) == ""
    recuse_oneself(actor=actor, proposal=proposal, reason="I advised them.")
    assert is_recused(actor, proposal) == "declared"
    with pytest.raises(NotPermitted) as refused:
        approve(proposal, actor=actor)
    assert refused.value.code == "recused"
    assert members_left(proposal) == []


def test_what_they_said_before_stands():
    _, proposal = make_submitted()
    actor = maintainer()
    approve(proposal, actor=actor)
    recuse_oneself(actor=actor, proposal=proposal, reason="My sister joined them today.")
    approve(proposal, 1)
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_another_maintainer_of_the_same_member_may_speak():
    _, proposal = make_submitted()
    member = make_member("lotus")
    one, two = maintainer(member), maintainer(member)
    recuse_oneself(actor=one, proposal=proposal, reason="I advised them.")
    assert members_left(proposal) == [member]
    approve(proposal, actor=two)


def test_it_goes_into_the_log_without_the_reason():
    _, proposal = make_submitted()
    actor = maintainer()
    recusal = recuse_oneself(actor=actor, proposal=proposal, reason="I advised them.")
    event = Event.objects.get(action="proposal.recused")
    assert event.details == {"revision": proposal.revision, "person": f"person:{actor.key}"}
    assert recusal.reason == "I advised them."


def test_a_community_reviewer_of_the_proposers_own_member_can_recuse_too():
    _, proposal = make_submitted()
    actor = community(proposal.member)
    recuse_oneself(actor=actor, proposal=proposal, reason="My own songs.")
    with pytest.raises(NotPermitted):
        say(actor, proposal, Verdict.BLOCK)


def test_nobody_recuses_twice_or_without_a_say_or_a_reason():
    _, proposal = make_submitted()
    actor = maintainer()
    with pytest.raises(Invalid, match="Say why"):
        recuse_oneself(actor=actor, proposal=proposal, reason=" ")
    recuse_oneself(actor=actor, proposal=proposal, reason="I advised them.")
    for again in (actor, maintainer(proposal.member)):
        with pytest.raises(Conflict, match="already"):
            recuse_oneself(actor=again, proposal=proposal, reason="Again.")
    with pytest.raises(NotPermitted):
        recuse_oneself(actor=make_actor(make_member(), Role.STEWARD), proposal=proposal, reason="I read.")
