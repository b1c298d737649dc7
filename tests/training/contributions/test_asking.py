"""Questions before a decision: who asks, who answers, who is told."""

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.notifications.models import Notification
from provenance.errors import Conflict, NotPermitted
from tests.factories import make_actor, make_person
from tests.training.api.signing_node import make_maintainer
from tests.training.waiting import asked_of
from training.contributions.asking import answer_request, ask_contributor

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(in_review):
    """A data steward of the contributing member."""
    return make_person(in_review.job.node.member, Role.STEWARD)


def told(person):
    return list(Notification.objects.filter(recipient=person).values_list("event__action", "why"))


def test_a_question_and_its_answer_reach_those_whom_they_concern(in_review, steward):
    asker = make_person("askers", Role.MAINTAINER)
    asked = ask_contributor(actor_of(asker), in_review, "Why is the norm so large?")
    assert told(steward) == [("contribution.asked", "contributor")]
    answer_request(actor_of(steward), asked, "A learning rate of ten.")
    assert told(asker) == [("contribution.answered", "asked")]
    asked.refresh_from_db()
    assert asked.answer == "A learning rate of ten."
    assert not in_review.decisions.exists()


def test_only_the_contributing_member_answers_and_once(in_review, steward):
    asked = ask_contributor(make_maintainer(), in_review, "Why?")
    for actor in (make_maintainer(), make_actor(in_review.job.node.member, Role.RESEARCHER)):
        with pytest.raises(NotPermitted):
            answer_request(actor, asked, "Because.")
    answer_request(actor_of(steward), asked, "Because.")
    with pytest.raises(Conflict):
        answer_request(actor_of(steward), asked, "No, because.")


def test_nobody_asks_their_own_member(in_review):
    with pytest.raises(NotPermitted) as caught:
        ask_contributor(make_maintainer(in_review.job.node.member), in_review, "All well?")
    assert caught.value.code == "recused"


def test_a_question_waits_for_its_member_until_it_is_answered(in_review, steward):
    asked = ask_contributor(make_maintainer(), in_review, "Why?")
    assert asked_of(actor_of(steward), "contribution") == ["Answer the question about your weight update"]
    assert asked_of(make_actor(in_review.job.node.member, Role.RESEARCHER), "contribution") == []
    assert asked_of(make_actor("others", Role.STEWARD), "contribution") == []
    answer_request(actor_of(steward), asked, "Because.")
    assert asked_of(actor_of(steward), "contribution") == []
