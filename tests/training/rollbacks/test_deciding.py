"""INV-7: members decide on a rollback; whose contribution it is may ask for it and has no word."""

import pytest

from catalog.members.models import Role
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_member
from tests.training.api.signing_node import make_maintainer, make_round
from tests.training.waiting import asked_of
from training.rollbacks.proposing import take_back_rollback
from training.rollbacks.replaying import replay
from training.rollbacks.speaking import speak_on_rollback

pytestmark = pytest.mark.django_db


def test_its_own_member_proposes_through_its_steward_and_has_no_word(begin):
    chain = begin(1)
    member = chain.nodes[0].node.member
    rollback = chain.propose(chain.of(0), actor=make_actor(member, Role.STEWARD))
    assert (rollback.member, rollback.voices.count()) == (member, 0)
    with pytest.raises(NotPermitted) as caught:
        speak_on_rollback(make_maintainer(member), rollback, agrees=True)
    assert caught.value.code == "recused"


def test_a_quorum_of_different_members_starts_the_replay_and_ends_the_open_round(begin):
    chain = begin(1)
    running = make_round(chain.family)
    rollback = chain.propose(chain.of(0))
    speak_on_rollback(make_maintainer(), rollback, agrees=True, note="They asked for it.")
    rollback.refresh_from_db()
    running.refresh_from_db()
    assert (rollback.state, running.state) == ("replaying", "abandoned")
    with pytest.raises(Conflict) as caught:
        make_round(chain.family)
    assert caught.value.code == "rollback-replaying"
    assert Event.objects.filter(action="rollback.for-voted").count() == 2


def test_a_quorum_against_refuses_it(begin):
    chain = begin(1)
    rollback = chain.propose(chain.of(0))
    for _ in range(rollback.quorum):
        speak_on_rollback(make_maintainer(), rollback, agrees=False)
    rollback.refresh_from_db()
    assert rollback.state == "refused"


def test_a_member_speaks_once_and_a_stranger_never(begin):
    chain = begin(1)
    own = make_member()
    rollback = chain.propose(chain.of(0), actor=make_maintainer(own))
    for actor, code in (
        (make_maintainer(own), "already-spoken"),
        (make_actor(make_member(), Role.STEWARD), "not-a-maintainer"),
    ):
        with pytest.raises((Conflict, NotPermitted)) as caught:
            speak_on_rollback(actor, rollback, agrees=True)
        assert caught.value.code == code


def test_one_at_a_time_until_it_is_taken_back(begin):
    chain = begin(1)
    own = make_maintainer()
    rollback = chain.propose(chain.of(0), actor=own)
    with pytest.raises(Conflict) as caught:
        chain.propose(chain.of(1))
    assert caught.value.code == "rollback-open"
    take_back_rollback(own, rollback)
    assert chain.propose(chain.of(1)).state == "proposed"


def test_what_was_taken_out_is_not_taken_out_again(begin):
    chain = begin(2)
    replay(chain.decide(chain.of(0)).pk)
    with pytest.raises(Conflict) as caught:
        chain.propose(chain.of(0))
    assert caught.value.code == "not-in-base"


def test_it_waits_for_members_that_have_a_word_and_have_not_spoken(begin):
    chain = begin(1)
    proposer, other = make_maintainer(), make_maintainer()
    rollback = chain.propose(chain.of(0), actor=proposer)
    assert asked_of(other, "rollback") == ["Vote on the rollback"]
    assert asked_of(proposer, "rollback") == []
    assert asked_of(make_maintainer(chain.nodes[0].node.member), "rollback") == []
    assert asked_of(make_maintainer(chain.nodes[1].node.member), "rollback") == ["Vote on the rollback"]
    speak_on_rollback(other, rollback, agrees=False)
    assert asked_of(other, "rollback") == []
