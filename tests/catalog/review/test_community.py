"""Who stands for a community can stop a proposal for it, and do nothing else."""

from dataclasses import replace

import pytest

from catalog.members.models import Role
from catalog.proposals.states import BlockGround
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from catalog.review.tally import members_left
from provenance.errors import Conflict, Invalid, NotPermitted
from tests.catalog.review.characters import community, maintainer, say
from tests.factories import make_member, make_submitted

pytestmark = pytest.mark.django_db


def test_a_community_reviewer_blocks_also_what_their_own_member_proposes():
    _, proposal = make_submitted()
    review = say(community(proposal.member), proposal, Verdict.BLOCK, ground=None)
    assert (proposal.state, proposal.block_ground) == ("blocked", "community")
    assert (review.capacity, review.member) == ("community", proposal.member)


@pytest.mark.parametrize(
    ("verdict", "kinds"),
    [
        (Verdict.APPROVE, {}),
        (Verdict.REJECT, {}),
        (Verdict.REQUEST_CHANGES, {}),
        (Verdict.BLOCK, {"ground": BlockGround.RIGHTS}),
    ],
)
def test_they_say_nothing_else(verdict, kinds):
    _, proposal = make_submitted()
    with pytest.raises(NotPermitted) as refused:
        say(community(), proposal, verdict, **kinds)
    assert refused.value.code == "community-only-blocks"


def test_a_block_without_words_is_refused():
    _, proposal = make_submitted()
    with pytest.raises(Invalid) as refused:
        review_proposal(actor=community(), proposal=proposal, verdict=Verdict.BLOCK)
    assert refused.value.code == "note-missing"


def test_their_block_is_not_the_voice_of_their_member():
    _, proposal = make_submitted()
    member = make_member("lotus")
    maintainer(member)
    assert members_left(proposal) == [member]
    say(community(member), proposal, Verdict.BLOCK, ground=None)
    assert members_left(proposal) == [member]


def test_who_also_maintains_another_member_speaks_with_its_voice():
    _, proposal = make_submitted()
    actor = maintainer(make_member("lotus"))
    both = replace(actor, roles=actor.roles | {("lotus", Role.COMMUNITY)})
    review = say(both, proposal, Verdict.APPROVE)
    assert review.capacity == "maintainer"
    with pytest.raises(Conflict) as refused:
        say(both, proposal, Verdict.BLOCK)
    assert refused.value.code == "member-has-spoken"
