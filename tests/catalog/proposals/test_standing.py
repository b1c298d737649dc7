"""What is missing is said in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.models import Role
from catalog.proposals.services import what_is_missing, withdraw_proposal
from catalog.review.models import Appeal, Assignment, Verdict
from catalog.review.services import appeal, open_thread, speak_on_appeal
from provenance.errors import Conflict, NotPermitted
from tests.catalog.review.characters import maintainer, say, settle_rule
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


def test_it_names_who_was_asked_and_who_is_late():
    people = [maintainer(), maintainer()]
    actor, proposal = make_submitted()
    asked = what_is_missing(proposal, actor=actor)[1]
    assert asked.startswith("Asked to review it, the first by ")
    assert all(person.label in asked for person in people)
    late = Assignment.objects.filter(proposal=proposal, reviewer=people[0].key)
    late.update(due_at=timezone.now() - timedelta(days=1))
    waiting, overdue = what_is_missing(proposal, actor=actor)[1:3]
    assert people[1].label in waiting
    assert overdue.startswith("Overdue since ")
    assert people[0].label in overdue


def test_it_counts_by_the_rule_in_force():
    people = [maintainer() for _ in range(4)]
    actor, proposal = make_submitted()
    settle_rule("review.quorum", 3, people)
    approve(proposal, actor=people[0])
    assert what_is_missing(proposal, actor=actor)[0] == "2 more members have to approve it (1 of 3 have)."


def test_before_the_next_hand_in_it_tells_what_reviewers_still_want():
    actor, proposal = make_submitted()
    reviewer = maintainer()
    open_thread(actor=reviewer, proposal=proposal, field="licence", text="Which version?", requested=True)
    say(reviewer, proposal, Verdict.REQUEST_CHANGES)
    assert "1 thread that reviewers want answered" in what_is_missing(proposal, actor=actor)[0]


def test_of_a_block_it_says_what_may_become_of_it_at_each_step_of_an_appeal():
    actor, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.BLOCK)
    assert what_is_missing(proposal, actor=actor)[0].endswith("or appeal.")
    held = appeal(actor=actor, proposal=proposal, grounds="The licence is clear.")
    assert "has to name one" in what_is_missing(proposal, actor=actor)[1]
    judge = maintainer(make_member("lotus"))
    Appeal.objects.filter(pk=held.pk).update(due_at=timezone.now())
    wanted, names, late = what_is_missing(proposal, actor=actor)
    assert wanted.startswith("The appeal is open: one member")
    assert names == "Maintainers of these members may still speak: Institute lotus."
    assert late.startswith("Its time was over on ")
    speak_on_appeal(actor=judge, appeal=held, upholds=False, note="It is not.")
    assert what_is_missing(proposal, actor=actor)[0].startswith("It stays blocked.")


def test_of_a_rejection_it_says_that_it_may_be_appealed_once():
    actor, proposal = make_submitted()
    for _ in range(2):
        say(maintainer(), proposal, Verdict.REJECT)
    assert "may appeal, once" in what_is_missing(proposal, actor=actor)[0]
