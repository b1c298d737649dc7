"""Reviewers are asked by turns: fairly, each of another member, and the same ones again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.proposals.services import submit_proposal, withdraw_proposal
from catalog.review.assigning import assign_reviewers
from catalog.review.models import Assignment, Verdict
from catalog.review.reading import assignments_for, assignments_of
from catalog.review.services import assign, decline, recuse_oneself
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.catalog.review.characters import maintainer, person_of, say
from tests.factories import approve, make_actor, make_draft, make_member, make_submitted

pytestmark = pytest.mark.django_db


def reviewers(proposal):
    return {assignment.reviewer_id for assignment in assignments_of(proposal)}


def test_as_many_different_members_as_the_quorum_wants_are_asked_with_a_date():
    member = make_member("lotus")
    people = [maintainer(member), maintainer(member), maintainer()]
    _, proposal = make_submitted()
    asked = list(assignments_of(proposal))
    assert [len(asked), len({one.member_id for one in asked})] == [2, 2]
    assert {one.reviewer_id for one in asked} <= {actor.key for actor in people}
    assert 13 <= (asked[0].due_at - timezone.now()).days <= 14
    assert Event.objects.filter(action="proposal.assigned", actor="service:coordinator").count() == 2


def load_of(key):
    return Assignment.objects.filter(reviewer=key, state="open").count()


def test_work_is_spread_evenly():
    for _ in range(5):
        maintainer()
    member = make_member("home")
    for _ in range(5):
        make_submitted(member=member)
    loads = [load_of(key) for key in set(Assignment.objects.values_list("reviewer", flat=True))]
    assert loads == [2] * 5


def test_it_costs_the_same_however_many_maintainers_there_are():
    costs = []
    for many in (3, 30):
        for _ in range(many):
            maintainer()
        _, proposal = make_submitted()
        Assignment.objects.filter(proposal=proposal).delete()
        with CaptureQueriesContext(connection) as queries:
            assert len(assign_reviewers(proposal=proposal)) == 2
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_proposers_people_and_the_recused_are_not_asked():
    _, proposal = make_submitted()
    maintainer(proposal.member)
    actor = maintainer()
    recuse_oneself(actor=actor, proposal=proposal, reason="I advised them.")
    assert assign_reviewers(proposal=proposal) == []


def test_who_speaks_is_done_and_a_decision_releases_the_others():
    one, two, three = maintainer(), maintainer(), maintainer()
    _, proposal = make_submitted()
    asked = [actor for actor in (one, two, three) if actor.key in reviewers(proposal)]
    say(asked[0], proposal, Verdict.APPROVE)
    assert reviewers(proposal) == {asked[1].key}
    say(next(actor for actor in (one, two, three) if actor not in asked), proposal, Verdict.APPROVE)
    states = Assignment.objects.filter(proposal=proposal).values_list("reviewer", "state")
    assert dict(states) == {asked[0].key: "done", asked[1].key: "released"}


def test_a_word_of_the_same_member_releases_who_was_asked():
    member = make_member("lotus")
    one, two = maintainer(member), maintainer(member)
    _, proposal = make_submitted()
    (asked,) = reviewers(proposal)
    say(two if asked == one.key else one, proposal, Verdict.APPROVE)
    assert Assignment.objects.get(proposal=proposal).state == "released"


def test_handed_in_again_the_same_reviewers_are_asked_first():
    people = {actor.key: actor for actor in (maintainer(), maintainer())}
    steward, proposal = make_submitted()
    before = reviewers(proposal)
    for _ in range(3):
        maintainer()  # who have nothing to do yet
    say(people[min(before)], proposal, Verdict.REQUEST_CHANGES)
    assert reviewers(proposal) == set()
    assert reviewers(submit_proposal(actor=steward, proposal=proposal)) == before


def test_taken_back_nobody_is_asked_any_more():
    maintainer()
    steward, proposal = make_submitted()
    withdraw_proposal(actor=steward, proposal=proposal)
    assert reviewers(proposal) == set()


def test_who_declines_hands_it_to_somebody_of_another_member():
    member = make_member("lotus")
    people = {actor.key: actor for actor in (maintainer(member), maintainer())}
    _, proposal = make_submitted()
    maintainer(member)
    other = maintainer()
    first = assignments_of(proposal).get(member=member)
    decline(actor=people[first.reviewer_id], assignment=first, reason="On leave until June.")
    assert reviewers(proposal) == {other.key, *(people.keys() - {first.reviewer_id})}
    approve(proposal, actor=people[first.reviewer_id])  # declining is no recusal


def test_failing_another_member_a_colleague_is_asked_and_nobody_twice():
    member = make_member("lotus")
    one, two = maintainer(member), maintainer(member)
    _, proposal = make_submitted()
    for _ in range(2):
        held = assignments_of(proposal).get()
        actor = one if held.reviewer_id == one.key else two
        decline(actor=actor, assignment=held, reason="No time.")
    assert reviewers(proposal) == set()
    assert Assignment.objects.filter(proposal=proposal, state="declined").count() == 2


def test_who_recuses_themselves_hands_it_on_too():
    one = maintainer()
    _, proposal = make_submitted()
    two = maintainer()
    recuse_oneself(actor=one, proposal=proposal, reason="I advised them.")
    assert reviewers(proposal) == {two.key}


def test_only_who_was_asked_declines_and_once():
    one = maintainer()
    _, proposal = make_submitted()
    held = assignments_of(proposal).get()
    with pytest.raises(NotPermitted) as refused:
        decline(actor=maintainer(), assignment=held, reason="Not mine.")
    assert refused.value.code == "not-assigned"
    with pytest.raises(Invalid, match="Say why"):
        decline(actor=one, assignment=held, reason="")
    decline(actor=one, assignment=held, reason="No time.")
    with pytest.raises(Conflict) as again:
        decline(actor=one, assignment=held, reason="No time.")
    assert again.value.code == "state-changed"


def test_a_maintainer_asks_another_or_takes_it_on():
    _, proposal = make_submitted()
    asks, asked = maintainer(), maintainer()
    held = assign(actor=asks, proposal=proposal, reviewer=person_of(asked))
    assert (held.assigned_by_id, held.state) == (asks.key, "open")
    assign(actor=asks, proposal=proposal, reviewer=person_of(asks))
    assert [one.proposal for one in assignments_for(asked)] == [proposal]
    with pytest.raises(Conflict) as refused:
        assign(actor=asks, proposal=proposal, reviewer=person_of(asked))
    assert refused.value.code == "already-assigned"


def test_nobody_is_asked_who_may_not_review():
    steward, proposal = make_submitted()
    asks, own = maintainer(), maintainer(proposal.member)
    for outsider in (own, make_actor(make_member(), "researcher")):
        with pytest.raises(Invalid) as refused:
            assign(actor=asks, proposal=proposal, reviewer=person_of(outsider))
        assert refused.value.code == "reviewer-not-eligible"
    for nobody in (own, steward):
        with pytest.raises(NotPermitted):
            assign(actor=nobody, proposal=proposal, reviewer=person_of(asks))


def test_inv_6_a_draft_can_not_be_assigned_or_seen():
    _, draft = make_draft()
    asks = maintainer()
    with pytest.raises(NotFound):
        assign(actor=asks, proposal=draft, reviewer=person_of(asks))
    assert list(assignments_for(asks)) == []


def test_inv_6_a_hidden_assignment_and_a_missing_one_look_alike():
    maintainer()
    _, proposal = make_submitted()
    for held in (assignments_of(proposal).get(), Assignment(pk=0)):
        with pytest.raises(NotFound, match="no such proposal"):
            decline(actor=make_actor(), assignment=held, reason="Who?")
