"""INV-7: who keeps the machine running takes no decision, whatever their account may do."""

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import User
from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.models import Appeal, AppealVoice, Recusal, Review, Thread, Verdict
from catalog.review.reading import assignments_of
from catalog.review.services import (
    appeal,
    assign,
    decline,
    open_thread,
    recuse_oneself,
    reopen,
    reply,
    resolve,
    review_proposal,
    speak_on_appeal,
    take_up_review,
    withdraw_appeal,
)
from provenance.actors import COORDINATOR
from provenance.errors import NotFound
from tests.catalog.review.characters import maintainer, person_of, say
from tests.factories import make_submitted, node_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def verbs():
    """Every verb of a review, with what it is about but for who does it."""
    steward, waiting = make_submitted()
    judge = maintainer()
    _, asked = make_submitted()
    _, stopped = make_submitted(member=waiting.member, actor=steward)
    say(maintainer(), stopped, Verdict.BLOCK)
    held = appeal(actor=steward, proposal=stopped, grounds="The licence is clear.")
    thread = open_thread(actor=steward, proposal=waiting, field="", text="A note.")
    about = {"proposal": waiting}
    return [
        (take_up_review, about),
        (review_proposal, {**about, "verdict": Verdict.APPROVE, "accepted_for": AcceptedFor.TRAINING}),
        (
            review_proposal,
            {**about, "verdict": Verdict.BLOCK, "ground": BlockGround.COMMUNITY, "note": "No."},
        ),
        (recuse_oneself, {**about, "reason": "I run it."}),
        (assign, {**about, "reviewer": person_of(judge)}),
        (decline, {"assignment": assignments_of(asked).get(), "reason": "No time."}),
        (open_thread, {**about, "field": "", "text": "A note."}),
        (reply, {"thread": thread, "text": "A note."}),
        (resolve, {"thread": thread}),
        (reopen, {"thread": thread}),
        (appeal, {"proposal": stopped, "grounds": "It is clear."}),
        (speak_on_appeal, {"appeal": held, "upholds": True, "note": "I say so."}),
        (withdraw_appeal, {"appeal": held}),
    ]


def left_behind():
    return [model.objects.count() for model in (Review, Recusal, Thread, Appeal, AppealVoice)]


def test_inv_7_no_verb_of_a_review_is_the_operators(verbs):
    operator = actor_of(User.objects.create_superuser("root@example.org", "a good password"))
    before = left_behind()
    for verb, given in verbs:
        for actor in (operator, COORDINATOR):
            with pytest.raises(NotFound):
                verb(actor=actor, **given)
    assert left_behind() == before


def test_inv_7_a_node_has_no_voice_either(verbs):
    node = node_actor("lotus")
    before = left_behind()
    for verb, given in verbs:
        with pytest.raises(Exception, match=r"(review|talk|steward|say|asked)") as refused:
            verb(actor=node, **given)
        assert refused.typename == "NotPermitted"
    assert left_behind() == before
