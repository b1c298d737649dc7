"""`/proposals/` answers what waits for the reader."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.review.queues import Queue, sorted_for
from catalog.proposals.models import Proposal
from catalog.review.models import Assignment, Verdict
from catalog.review.services import appeal, assign, open_thread, recuse_oneself, review_proposal
from tests.factories import approve, make_member, make_person, make_submitted
from tests.pages.conftest import House


def queue_of(person, proposal: Proposal, **kept: str) -> str | None:
    found = {row.pk: row.queue for row in sorted_for(actor_of(person), **kept)}
    return found.get(proposal.pk)


def ask(house: House) -> None:
    """The maintainer asks to review it, where it was not their turn."""
    judge = house.people["maintainer"]
    if not Assignment.objects.filter(proposal=house.submitted, reviewer=judge).exists():
        assign(actor=actor_of(judge), proposal=house.submitted, reviewer=judge)


def test_what_one_is_asked_to_review_stands_first_with_its_day(house: House):
    ask(house)
    page = house.client("maintainer").get("/proposals/").content.decode()
    assert queue_of(house.people["maintainer"], house.submitted) == Queue.ASSIGNED
    assert "You are asked to review" in page
    assert "due " in page


def test_an_overdue_review_says_so_in_words(house: House):
    ask(house)
    Assignment.objects.update(due_at=timezone.now() - timedelta(days=1))
    page = house.client("maintainer").get("/proposals/").content.decode()
    assert "Overdue" in page
    assert "was due" in page


def test_who_is_not_asked_finds_it_among_what_waits_for_a_word(house: House):
    another = make_person(make_member("late-comers"), Role.MAINTAINER)
    assert queue_of(another, house.submitted) == Queue.WAITING
    recuse_oneself(actor=actor_of(another), proposal=house.submitted, reason="My cousin made it.")
    assert queue_of(another, house.submitted) == Queue.OTHERS


def test_a_steward_finds_drafts_reviews_and_what_came_back(house: House):
    steward = house.people["steward"]
    assert queue_of(steward, house.draft) == Queue.DRAFTS
    assert queue_of(steward, house.submitted) == Queue.OWN
    judge = actor_of(house.people["maintainer"])
    open_thread(actor=judge, proposal=house.submitted, field="licence", text="Which one?")
    review_proposal(
        actor=judge, proposal=house.submitted, verdict=Verdict.REQUEST_CHANGES, note="See the talk."
    )
    assert queue_of(steward, house.submitted) == Queue.BACK
    assert "1 open talk" in house.client("steward").get("/proposals/").content.decode()


def test_an_appeal_waits_for_those_who_did_not_decide(house: House):
    judge, other = actor_of(house.people["maintainer"]), make_person(make_member("third"), Role.MAINTAINER)
    review_proposal(
        actor=judge, proposal=house.submitted, verdict=Verdict.BLOCK, note="No rights.", ground="rights"
    )
    appeal(actor=actor_of(house.people["steward"]), proposal=house.submitted, grounds="We have them.")
    assert queue_of(other, house.submitted) == Queue.APPEALS
    assert queue_of(house.people["maintainer"], house.submitted) == Queue.OTHERS


def test_a_community_reviewer_finds_what_is_in_review(house: House):
    reviewer = make_person(make_member("river-people"), Role.COMMUNITY)
    assert queue_of(reviewer, house.submitted) == Queue.WAITING


def test_inv_6_drafts_and_sealed_proposals_of_others_stand_in_no_queue(house: House):
    sealed = make_submitted("private", member=house.member)[1]
    for hidden in (house.draft, sealed):
        assert queue_of(house.people["maintainer"], hidden) is None
        assert queue_of(house.people["steward"], hidden) is not None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=in_review", False),
        ("state=submitted", True),
        ("member=archive&q=spun", True),
        ("member=judges", False),
        ("q=nothing%00like+it", False),
    ],
)
def test_filters_keep_state_member_and_words(house: House, query: str, found: bool):
    page = house.client("researcher").get(f"/proposals/?{query}").content.decode()
    assert ("Spun wool" in page) is found
    assert ("No proposal is like that" in page) is not found


def test_a_queue_says_how_many_it_holds_when_it_is_cut(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("catalog.pages.review.queues.MOST_SHOWN", 1)
    make_submitted(member=house.member)
    assert "1 of 2 are shown" in house.client("researcher").get("/proposals/").content.decode()


def test_what_is_decided_stands_last(house: House):
    approve(house.submitted)
    assert queue_of(house.people["maintainer"], house.submitted) == Queue.DECIDED
    assert queue_of(make_person(), house.submitted) is None
