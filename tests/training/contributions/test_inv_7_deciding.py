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


def test_two_acceptances_of_different_members_decide(in_review):
    decide_contribution(make_maintainer(), in_review, ACCEPT, note="norms are plain")
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    decide_contribution(make_maintainer(), in_review, ACCEPT)
    in_review.refresh_from_db()
    assert in_review.state == "accepted"


def test_one_member_alone_shuts_nobody_out(in_review):
    decide_contribution(make_maintainer(), in_review, REJECT, reason_codes=["suspicious-norm"])
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    decide_contribution(make_maintainer(), in_review, REJECT)
    in_review.refresh_from_db()
    assert in_review.state == "rejected"


def test_the_operator_has_no_voice(in_review, django_user_model):
    operator = django_user_model.objects.create_superuser("root@example.org", "a good password", name="Root")
    for actor in (actor_of(operator), COORDINATOR, make_actor(make_member(), Role.STEWARD)):
        with pytest.raises(NotPermitted) as caught:
            decide_contribution(actor, in_review, ACCEPT)
        assert caught.value.code == "not-a-maintainer"


def test_nobody_decides_on_their_own_members_contribution(in_review):
    own = in_review.job.node.member
    person = make_person(own, Role.MAINTAINER)
    grant_role(actor=COORDINATOR, user=person, member=make_member(), role=Role.MAINTAINER)
    with pytest.raises(NotPermitted) as caught:
        decide_contribution(actor_of(person), in_review, ACCEPT)
    assert caught.value.code == "recused"


def test_a_member_and_a_person_have_one_voice_each(in_review):
    first, second = make_member(), make_member()
    person = make_person(first, Role.MAINTAINER)
    grant_role(actor=COORDINATOR, user=person, member=second, role=Role.MAINTAINER)
    actor = actor_of(person)
    with pytest.raises(Invalid, match="several members"):
        decide_contribution(actor, in_review, ACCEPT)
    decide_contribution(actor, in_review, ACCEPT, member=first.slug)
    for again, member in ((actor, second.slug), (make_maintainer(first), None)):
        with pytest.raises(Conflict) as caught:
            decide_contribution(again, in_review, ACCEPT, member=member)
        assert caught.value.code == "already-decided"


def test_each_word_is_signed_and_names_its_speaker(in_review):
    actor = make_maintainer()
    decide_contribution(actor, in_review, ACCEPT)
    statement = Decision.objects.get().statement
    assert statement.predicate_type == "urn:tapestry:predicate:decision:v1"
    assert statement.key_ids[0].startswith("did:web:")


def test_it_says_in_words_who_still_has_to_decide(in_review):
    assert "2 more members have to accept" in missing_decisions(in_review)[0]
    actor = make_maintainer()
    decide_contribution(actor, in_review, ACCEPT)
    words = missing_decisions(in_review)[0]
    assert "1 more member has to accept" in words
    asked = words.partition("maintainers of ")[2].removesuffix(" may decide").split(", ")
    assert asked
    assert not {f"Institute {actor.member}", in_review.job.node.member.name} & set(asked)


def test_nobody_decides_before_the_candidate_is_measured(admitted):
    assert missing_decisions(admitted) == ["the round has to collect and to measure its candidate"]
    with pytest.raises(Conflict) as caught:
        decide_contribution(make_maintainer(), admitted, ACCEPT)
    assert caught.value.code == "contribution-not-open"


def test_what_was_decided_stays_decided(in_review):
    for _ in range(2):
        decide_contribution(make_maintainer(), in_review, ACCEPT)
    with pytest.raises(Conflict) as caught:
        decide_contribution(make_maintainer(), in_review, REJECT)
    assert caught.value.code == "contribution-not-open"
