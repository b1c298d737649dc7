"""Against a rejection or a block: members that had no part in it look at it again."""

import pytest

from catalog.members.models import Role
from catalog.proposals.services import save_draft, submit_proposal, what_is_missing, withdraw_proposal
from catalog.proposals.states import BlockGround
from catalog.review.judges import judges_left, voices_wanted
from catalog.review.models import Appeal, Verdict
from catalog.review.reading import assignments_of, open_appeal_of
from catalog.review.services import appeal, recuse_oneself, speak_on_appeal, withdraw_appeal
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.catalog.review.characters import community, maintainer, say
from tests.factories import approve, make_actor, make_member, make_submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked():
    """A blocked proposal with its steward, who blocked it, and maintainers of two other members."""
    steward, proposal = make_submitted()
    blocker = maintainer()
    say(blocker, proposal, Verdict.BLOCK)
    return steward, proposal, blocker, [maintainer(), maintainer()]


def judge(actor, held, *, upholds, **given):
    return speak_on_appeal(actor=actor, appeal=held, upholds=upholds, note="Read both sides.", **given)


def appealed(steward, proposal):
    return appeal(actor=steward, proposal=proposal, grounds="The licence is clear.")


def test_upheld_it_is_reviewed_anew_by_everybody(blocked):
    steward, proposal, blocker, judges = blocked
    held = appealed(steward, proposal)
    before = proposal.revision
    for actor in judges:
        judge(actor, held, upholds=True)
    held.refresh_from_db()
    proposal.refresh_from_db()
    assert (held.state, held.decided_at is None) == ("upheld", False)
    assert (proposal.state, proposal.block_ground, proposal.revision) == ("in_review", "", before + 1)
    assert assignments_of(proposal).count() == 2
    for actor in (blocker, judges[0]):
        approve(proposal, actor=actor)
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_dismissed_the_block_stands_and_is_not_appealed_again(blocked):
    steward, proposal, _, judges = blocked
    held = appealed(steward, proposal)
    for actor in judges:
        judge(actor, held, upholds=False)
    held.refresh_from_db()
    proposal.refresh_from_db()
    assert (held.state, proposal.state, proposal.block_ground) == ("dismissed", "blocked", "rights")
    with pytest.raises(Conflict) as refused:
        appealed(steward, proposal)
    assert refused.value.code == "already-appealed"
    assert what_is_missing(proposal, actor=steward)[0].startswith("It stays blocked.")


def test_neither_the_proposers_people_nor_who_spoke_for_it_has_a_voice(blocked):
    steward, proposal, blocker, judges = blocked
    held = appealed(steward, proposal)
    colleague = maintainer(proposal.member)
    recuse_oneself(actor=judges[0], proposal=proposal, reason="I advised them.")
    told = {colleague: "recused", judges[0]: "recused", blocker: "spoke-for-decision"}
    told[make_actor(make_member(), Role.STEWARD)] = told[community()] = "not-a-maintainer"
    for actor, code in told.items():
        with pytest.raises(NotPermitted) as refused:
            judge(actor, held, upholds=True)
        assert refused.value.code == code


def test_the_member_of_who_spoke_for_it_is_silent_but_not_that_of_a_community_reviewer():
    steward, proposal = make_submitted()
    member = make_member("lotus")
    say(community(member), proposal, Verdict.BLOCK, ground=BlockGround.COMMUNITY)
    held = appealed(steward, proposal)
    judge(maintainer(member), held, upholds=True)
    held.refresh_from_db()
    assert held.state == "upheld"  # one member is left, and it agrees


def test_against_a_rejection_those_who_rejected_are_silent():
    steward, proposal = make_submitted()
    rejecting = [maintainer(), maintainer()]
    for actor in rejecting:
        say(actor, proposal, Verdict.REJECT)
    held = appealed(steward, proposal)
    assert held.against == "rejected"
    with pytest.raises(NotPermitted):
        judge(rejecting[0], held, upholds=False)
    for actor in (maintainer(), maintainer()):
        judge(actor, held, upholds=True)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.accepted_for) == ("in_review", "")


def test_where_members_disagree_and_none_is_left_the_decision_stands(blocked):
    steward, proposal, _, judges = blocked
    held = appealed(steward, proposal)
    assert (voices_wanted(held), len(judges_left(held))) == (2, 2)
    judge(judges[0], held, upholds=True)
    assert open_appeal_of(proposal) == held
    judge(judges[1], held, upholds=False)
    held.refresh_from_db()
    assert held.state == "dismissed"


def test_a_member_and_a_person_speak_once(blocked):
    steward, proposal, _, judges = blocked
    held = appealed(steward, proposal)
    judge(judges[0], held, upholds=True)
    with pytest.raises(Conflict) as refused:
        judge(judges[0], held, upholds=False)
    assert refused.value.code == "member-has-spoken"
    with pytest.raises(Invalid) as wordless:
        speak_on_appeal(actor=judges[1], appeal=held, upholds=True, note=" ")
    assert wordless.value.code == "note-missing"


def test_a_steward_takes_it_back_and_the_decision_stays(blocked):
    steward, proposal, blocker, judges = blocked
    held = appealed(steward, proposal)
    with pytest.raises(NotPermitted):
        withdraw_appeal(actor=blocker, appeal=held)
    assert withdraw_appeal(actor=steward, appeal=held).state == "withdrawn"
    with pytest.raises(Conflict) as refused:
        judge(judges[0], held, upholds=True)
    assert refused.value.code == "appeal-closed"


def test_with_its_proposal_an_appeal_is_taken_back_too(blocked):
    steward, proposal, _, _ = blocked
    held = appealed(steward, proposal)
    withdraw_proposal(actor=steward, proposal=proposal)
    held.refresh_from_db()
    assert held.state == "withdrawn"


def test_only_a_steward_appeals_and_only_what_was_decided(blocked):
    _, proposal, blocker, _ = blocked
    with pytest.raises(NotPermitted) as refused:
        appealed(blocker, proposal)
    assert refused.value.code == "not-a-steward"
    steward, waiting = make_submitted()
    with pytest.raises(Conflict) as early:
        appealed(steward, waiting)
    assert early.value.code == "not-appealable"
    with pytest.raises(Invalid):
        appeal(actor=steward, proposal=waiting, grounds=" ")


def test_inv_6_an_appeal_is_hidden_with_its_proposal(blocked):
    steward, proposal, _, judges = blocked
    held = appealed(steward, proposal)
    for actor, missing in ((make_actor(), held), (judges[0], Appeal(proposal=proposal))):
        with pytest.raises(NotFound, match="no such proposal"):
            judge(actor, missing, upholds=True)


def test_the_log_tells_the_way_of_an_appeal_without_its_words(blocked):
    steward, proposal, _, judges = blocked
    held = appealed(steward, proposal)
    for actor in judges:
        judge(actor, held, upholds=True)
    told = Event.objects.filter(action__startswith="proposal.appeal", subject=f"proposal:{proposal.pk}")
    actions = list(told.order_by("id").values_list("action", flat=True))
    voiced = "proposal.appeal-voiced"
    assert actions == ["proposal.appealed", voiced, voiced, "proposal.appeal-upheld"]
    assert all(event.details["appeal"] == str(held.pk) for event in told)
    assert "licence" not in str([event.details for event in told])


def test_a_revision_after_an_appeal_can_be_blocked_and_appealed_again(blocked):
    steward, proposal, blocker, judges = blocked
    held = appealed(steward, proposal)
    for actor in judges:
        judge(actor, held, upholds=True)
    say(blocker, proposal, Verdict.REQUEST_CHANGES)
    again = submit_proposal(actor=steward, proposal=proposal)
    say(blocker, again, Verdict.BLOCK)
    assert appealed(steward, again).revision > held.revision


def test_inv_1_grounds_are_forgotten_when_the_proposal_becomes_private():
    steward, proposal = make_submitted("local-only")
    blocker, judge = maintainer(), maintainer()
    say(blocker, proposal, Verdict.BLOCK)
    held = appealed(steward, proposal)
    speak_on_appeal(actor=judge, appeal=held, upholds=True, note="Read it.")
    proposal.refresh_from_db()
    say(blocker, proposal, Verdict.REQUEST_CHANGES)
    sealed = {"tier": "private", "affirmed": True}
    save_draft(actor=steward, proposal=proposal, record=sealed, expected_revision=proposal.revision)
    held.refresh_from_db()
    assert held.grounds == ""
