"""Threads at single fields: who talks, who reads, and what is forgotten with its proposal."""

import pytest

from catalog.members.models import Role
from catalog.proposals.services import save_draft, withdraw_proposal
from catalog.review.models import Comment, Submission, Thread, Verdict
from catalog.review.reading import requests_left, threads_of
from catalog.review.services import open_thread, reopen, reply, resolve
from provenance.actors import ANONYMOUS
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.catalog.review.characters import community, maintainer, say
from tests.factories import complete_record, make_actor, make_draft, make_member, make_submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    """A steward, a proposal in review, and a maintainer's question about its licence."""
    steward, proposal = make_submitted()
    reviewer = maintainer()
    thread = open_thread(
        actor=reviewer, proposal=proposal, field="licence", text="Which version?", requested=True
    )
    return steward, proposal, reviewer, thread


def test_a_question_is_answered_and_resolved(talk):
    steward, proposal, reviewer, thread = talk
    reply(actor=steward, thread=thread, text="Four.")
    resolve(actor=reviewer, thread=thread)
    (held,) = threads_of(steward, proposal)
    assert [comment.text for comment in held.comments.all()] == ["Which version?", "Four."]
    assert held.resolved_by_id == reviewer.key
    assert not requests_left(proposal).exists()


def test_a_resolved_thread_is_taken_up_again(talk):
    steward, proposal, reviewer, thread = talk
    resolve(actor=steward, thread=thread)
    with pytest.raises(Conflict, match="before"):
        resolve(actor=reviewer, thread=thread)
    assert reopen(actor=reviewer, thread=thread).resolved_at is None
    with pytest.raises(Conflict, match="open"):
        reopen(actor=reviewer, thread=thread)
    assert list(requests_left(proposal)) == [thread]


def test_the_log_names_the_thread_and_never_what_was_said(talk):
    steward, _, _, thread = talk
    reply(actor=steward, thread=thread, text="Four.")
    opened, answered = Event.objects.filter(action__startswith="proposal.thread").order_by("id")
    assert (opened.details["field"], opened.details["requested"]) == ("licence", True)
    assert answered.details["thread"] == str(thread.pk)
    assert "Four." not in str(answered.details)
    assert answered.audience == "consortium"


def test_stewards_of_the_proposer_and_reviewers_talk_and_others_read(talk):
    _, proposal, _, thread = talk
    for actor in (maintainer(), maintainer(proposal.member), community()):
        reply(actor=actor, thread=thread, text="I read it too.")
    for role in (Role.STEWARD, Role.RESEARCHER):
        reader = make_actor(make_member(), role)
        assert threads_of(reader, proposal).count() == 1
        with pytest.raises(NotPermitted) as refused:
            reply(actor=reader, thread=thread, text="Me too.")
        assert refused.value.code == "not-in-the-talk"


def test_only_who_may_review_asks_for_an_answer():
    steward, proposal = make_submitted()
    for actor in (steward, maintainer(proposal.member)):
        with pytest.raises(NotPermitted):
            open_thread(actor=actor, proposal=proposal, field="", text="Please?", requested=True)
    open_thread(actor=steward, proposal=proposal, field="", text="We wonder ourselves.")


@pytest.mark.parametrize(("field", "text"), [("colour", "Why?"), ("licence", " "), ("licence", "x" * 4001)])
def test_a_malformed_question_names_its_field(field, text):
    _, proposal = make_submitted()
    with pytest.raises(Invalid) as refused:
        open_thread(actor=maintainer(), proposal=proposal, field=field, text=text)
    assert list(refused.value.fields) == ["field" if field == "colour" else "text"]


def test_inv_6_a_hidden_thread_and_a_missing_one_look_alike(talk):
    _, proposal, reviewer, thread = talk
    _, draft = make_draft()
    assert list(threads_of(ANONYMOUS, proposal)) == list(threads_of(reviewer, draft)) == []
    for actor, missing in ((ANONYMOUS, thread), (reviewer, Thread(proposal=proposal))):
        with pytest.raises(NotFound, match="no such proposal"):
            reply(actor=actor, thread=missing, text="Hello?")
    with pytest.raises(NotFound, match="no such proposal"):
        open_thread(actor=reviewer, proposal=draft, field="", text="Hello?")


def test_nothing_is_said_about_a_draft_or_after_the_end(talk):
    steward, proposal, _, thread = talk
    _, draft = make_draft(member=proposal.member, actor=steward)
    with pytest.raises(Conflict, match="not talked about"):
        open_thread(actor=steward, proposal=draft, field="", text="A note.")
    withdraw_proposal(actor=steward, proposal=proposal)
    with pytest.raises(Conflict, match="not talked about"):
        reply(actor=steward, thread=thread, text="Too late.")


def test_inv_1_a_proposal_that_becomes_private_leaves_no_word_of_it():
    steward, proposal = make_submitted("local-only")
    reviewer = maintainer()
    open_thread(actor=reviewer, proposal=proposal, field="licence", text="Which version?")
    say(reviewer, proposal, Verdict.REQUEST_CHANGES)
    record = complete_record("private")
    sealed = {"tier": "private", "affirmed": record["affirmed"]}
    save_draft(actor=steward, proposal=proposal, record=sealed, expected_revision=proposal.revision)
    counts = [model.objects.count() for model in (Thread, Comment, Submission)]
    assert counts == [0, 0, 0]
    with pytest.raises(NotFound):
        open_thread(actor=reviewer, proposal=proposal, field="", text="Still there?")
    with pytest.raises(Conflict):
        open_thread(actor=steward, proposal=proposal, field="", text="Still there?")
