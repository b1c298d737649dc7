"""Voices of different members decide; nobody decides on their own member's proposal (INV-7)."""

from functools import partial

import pytest

from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from catalog.proposals.services import save_draft, submit_proposal
from catalog.proposals.states import BlockGround
from catalog.review.models import Verdict
from catalog.review.services import review_proposal, take_up_review
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.factories import approve, make_actor, make_draft, make_member, make_submitted

pytestmark = pytest.mark.django_db


def maintainer(member=None):
    return make_actor(member or make_member(), Role.MAINTAINER)


def block(proposal, ground):
    review_proposal(
        actor=maintainer(),
        proposal=proposal,
        verdict=Verdict.BLOCK,
        ground=ground,
        reason_codes=["people-harmed"],
    )


def test_two_approvals_of_different_members_publish():
    _, proposal = make_submitted()
    approve(proposal, 1)
    proposal.refresh_from_db()
    assert (proposal.state, Dataset.objects.count()) == ("in_review", 0)
    approve(proposal, 1)
    proposal.refresh_from_db()
    assert proposal.state == "accepted"
    assert proposal.dataset.newest.number == 1


def test_inv_7_nobody_speaks_on_their_own_members_proposal():
    _, proposal = make_submitted()
    for roles in ((Role.MAINTAINER,), (Role.MAINTAINER, Role.STEWARD)):
        with pytest.raises(NotPermitted) as refused:
            approve(proposal, actor=make_actor(proposal.member, *roles))
        assert refused.value.code == "recused"


def test_a_person_of_two_members_recuses_for_either():
    _, proposal = make_submitted()
    actor = make_actor(make_member(), Role.MAINTAINER)
    both = type(actor)(
        actor.kind,
        actor.identifier,
        actor.label,
        actor.roles | {(proposal.member.slug, Role.RESEARCHER)},
        actor.key,
    )
    with pytest.raises(NotPermitted, match="belong to"):
        approve(proposal, actor=both)


def test_a_member_has_one_voice():
    _, proposal = make_submitted()
    member = make_member()
    approve(proposal, actor=maintainer(member))
    with pytest.raises(Conflict) as refused:
        approve(proposal, actor=maintainer(member))
    assert refused.value.code == "member-has-spoken"


def test_stewards_and_researchers_of_other_members_do_not_review():
    _, proposal = make_submitted()
    for role in (Role.STEWARD, Role.RESEARCHER):
        with pytest.raises(NotPermitted, match="Only maintainers"):
            approve(proposal, actor=make_actor(make_member(), role))


def test_one_request_for_changes_sends_it_back_and_the_next_revision_starts_anew():
    steward, proposal = make_submitted()
    reader = maintainer()
    approve(proposal, 1)
    review_proposal(actor=reader, proposal=proposal, verdict=Verdict.REQUEST_CHANGES, note="Which script?")
    proposal.refresh_from_db()
    assert proposal.state == "changes_requested"
    again = submit_proposal(actor=steward, proposal=proposal)
    approve(again, actor=reader)
    again.refresh_from_db()
    assert again.state == "in_review"


def test_two_members_reject_and_one_does_not():
    _, proposal = make_submitted()
    for state in ("in_review", "rejected"):
        review_proposal(actor=maintainer(), proposal=proposal, verdict=Verdict.REJECT, note="Rights unclear.")
        proposal.refresh_from_db()
        assert proposal.state == state


def test_one_block_blocks():
    _, proposal = make_submitted()
    block(proposal, BlockGround.PRIVACY)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.block_ground) == ("blocked", "privacy")
    assert Event.objects.get(action="proposal.reviewed").reason_codes == ["people-harmed"]


def test_whoever_does_not_approve_says_why():
    _, proposal = make_submitted()
    with pytest.raises(Invalid) as refused:
        review_proposal(actor=maintainer(), proposal=proposal, verdict=Verdict.REJECT)
    assert list(refused.value.fields) == ["note"]


def test_a_maintainer_of_two_members_says_for_which():
    _, proposal = make_submitted()
    one, two = make_member(), make_member()
    actor = maintainer(one)
    both = type(actor)(
        actor.kind, actor.identifier, actor.label, actor.roles | {(two.slug, Role.MAINTAINER)}, actor.key
    )
    with pytest.raises(Invalid, match="for which"):
        approve(proposal, actor=both)
    speak = {"actor": both, "proposal": proposal, "verdict": Verdict.APPROVE, "accepted_for": "training"}
    review_proposal(**speak, member=two)
    with pytest.raises(Conflict) as refused:
        review_proposal(**speak, member=one)
    assert refused.value.code == "reviewer-has-spoken"


def test_a_draft_of_another_member_does_not_exist_for_reviewers():
    _, proposal = make_draft()
    with pytest.raises(NotFound):
        take_up_review(actor=maintainer(), proposal=proposal)


def test_a_proposal_under_review_can_not_be_edited():
    steward, proposal = make_submitted()
    with pytest.raises(Conflict) as refused:
        save_draft(
            actor=steward,
            proposal=proposal,
            record=proposal.record,
            expected_revision=proposal.revision,
        )
    assert refused.value.code == "not-editable"


@pytest.mark.parametrize("note", ["a\0b", "x" * 4001, "\ud800"])
def test_a_note_that_no_database_holds_is_refused_by_its_field(note):
    _, proposal = make_submitted()
    with pytest.raises(Invalid) as refused:
        review_proposal(actor=maintainer(), proposal=proposal, verdict=Verdict.REJECT, note=note)
    assert (refused.value.code, list(refused.value.fields)) == ("text-malformed", ["note"])


def test_an_approval_says_how_far_it_goes_and_a_block_on_what_ground():
    _, proposal = make_submitted()
    for verdict, field in ((Verdict.APPROVE, "accepted_for"), (Verdict.BLOCK, "ground")):
        with pytest.raises(Invalid) as refused:
            review_proposal(actor=maintainer(), proposal=proposal, verdict=verdict, note="Read.")
        assert list(refused.value.fields) == [field]


def test_inv_7_the_operator_has_no_say():
    _, proposal = make_submitted()
    operator = actor_of(User.objects.create_superuser("root@example.org", "a good password"))
    speaks = {"actor": operator, "proposal": proposal}
    for verb in (take_up_review, partial(review_proposal, verdict=Verdict.APPROVE)):
        with pytest.raises(NotFound):
            verb(**speaks)
    assert proposal.reviews.count() == 0
