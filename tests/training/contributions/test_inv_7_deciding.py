"""INV-7: maintainers of different members decide, nobody on their own member's work."""

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.members.services import grant_role
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, Invalid, NotPermitted
from tests.factories import make_actor, make_member, make_person
from tests.training.api.signing_node import make_maintainer
from training.contributions.deciding import decide_contribution, missing_decisions
from training.contributions.models import Decision, DecisionVerdict

pytestmark = pytest.mark.django_db
ACCEPT, REJECT = DecisionVerdict.ACCEPT, DecisionVerdict.REJECT


def test_two_acceptances_of_different_members_decide(admitted):
    decide_contribution(make_maintainer(), admitted, ACCEPT, note="norms are plain")
    admitted.refresh_from_db()
    assert admitted.state == "admitted"
    decide_contribution(make_maintainer(), admitted, ACCEPT)
    admitted.refresh_from_db()
    assert admitted.state == "accepted"


def test_one_member_alone_shuts_nobody_out(admitted):
    decide_contribution(make_maintainer(), admitted, REJECT, reason_codes=["suspicious-norm"])
    admitted.refresh_from_db()
    assert admitted.state == "admitted"
    decide_contribution(make_maintainer(), admitted, REJECT)
    admitted.refresh_from_db()
    assert admitted.state == "rejected"


def test_the_operator_has_no_voice(admitted, django_user_model):
    operator = django_user_model.objects.create_superuser("root@example.org", "a good password", name="Root")
    for actor in (actor_of(operator), COORDINATOR, make_actor(make_member(), Role.STEWARD)):
        with pytest.raises(NotPermitted) as caught:
            decide_contribution(actor, admitted, ACCEPT)
        assert caught.value.code == "not-a-maintainer"


def test_nobody_decides_on_their_own_members_contribution(admitted):
    own = admitted.job.node.member
    person = make_person(own, Role.MAINTAINER)
    grant_role(actor=COORDINATOR, user=person, member=make_member(), role=Role.MAINTAINER)
    with pytest.raises(NotPermitted) as caught:
        decide_contribution(actor_of(person), admitted, ACCEPT)
    assert caught.value.code == "recused"


def test_a_member_and_a_person_have_one_voice_each(admitted):
    first, second = make_member(), make_member()
    person = make_person(first, Role.MAINTAINER)
    grant_role(actor=COORDINATOR, user=person, member=second, role=Role.MAINTAINER)
    actor = actor_of(person)
    with pytest.raises(Invalid, match="several members"):
        decide_contribution(actor, admitted, ACCEPT)
    decide_contribution(actor, admitted, ACCEPT, member=first.slug)
    for again, member in ((actor, second.slug), (make_maintainer(first), None)):
        with pytest.raises(Conflict) as caught:
            decide_contribution(again, admitted, ACCEPT, member=member)
        assert caught.value.code == "already-decided"


def test_each_word_is_signed_and_names_its_speaker(admitted):
    actor = make_maintainer()
    decide_contribution(actor, admitted, ACCEPT)
    statement = Decision.objects.get().statement
    assert statement.predicate_type == "urn:tapestry:predicate:decision:v1"
    assert statement.key_ids[0].startswith("did:web:")


def test_it_says_in_words_who_still_has_to_decide(admitted):
    assert "2 more members have to accept" in missing_decisions(admitted)[0]
    actor = make_maintainer()
    decide_contribution(actor, admitted, ACCEPT)
    words = missing_decisions(admitted)[0]
    assert "1 more member has to accept" in words
    assert f"Institute {actor.member}" not in words
    assert admitted.job.node.member.name not in words


def test_what_was_decided_stays_decided(admitted):
    for _ in range(2):
        decide_contribution(make_maintainer(), admitted, ACCEPT)
    with pytest.raises(Conflict) as caught:
        decide_contribution(make_maintainer(), admitted, REJECT)
    assert caught.value.code == "contribution-not-open"
