"""INV-7: maintainers of different members decide, nobody on their own member's work."""

from contextlib import suppress

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Member, Membership, Role
from catalog.members.services import grant_role
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, Invalid, NotPermitted
from tests.factories import make_actor, make_member, make_person
from tests.training.api.signing_node import make_maintainer
from tests.training.waiting import asked_of
from training.contributions.deciding import decide_contribution
from training.contributions.missing import missing_decisions
from training.contributions.models import Decision, DecisionVerdict
from training.contributions.tally import tally_of
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db
ACCEPT, REJECT, QUARANTINE = DecisionVerdict.ACCEPT, DecisionVerdict.REJECT, DecisionVerdict.QUARANTINE
WHY = {"note": "It is ten times as long as the others.", "reason_codes": ["poisoning-suspected"]}


def test_two_acceptances_of_different_members_decide(in_review):
    decide_contribution(make_maintainer(), in_review, ACCEPT, note="norms are plain")
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    decide_contribution(make_maintainer(), in_review, ACCEPT)
    in_review.refresh_from_db()
    assert in_review.state == "accepted"


def test_one_member_alone_shuts_nobody_out(in_review):
    decide_contribution(make_maintainer(), in_review, REJECT, **WHY)
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    decide_contribution(make_maintainer(), in_review, REJECT, **WHY)
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
        decide_contribution(make_maintainer(), in_review, REJECT, **WHY)
    assert caught.value.code == "contribution-not-open"


def test_two_maintainers_of_one_member_can_not_push_their_own_members_update_through(in_review):
    for member in (in_review.job.node.member, make_member()):
        for _ in range(2):
            with suppress(NotPermitted, Conflict):
                decide_contribution(make_maintainer(member), in_review, ACCEPT)
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    assert Decision.objects.count() == 1  # the second pair's, who are of another member, have one word


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"note": "No."}, "reason-missing"),
        ({"reason_codes": ["other"]}, "note-missing"),
        ({"note": "No.", "reason_codes": ["i-do-not-like-it"]}, "reason-unknown"),
    ],
)
def test_who_is_against_it_gives_published_reasons_and_words(in_review, said, code):
    for verdict in (REJECT, QUARANTINE):
        with pytest.raises(Invalid) as caught:
            decide_contribution(make_maintainer(), in_review, verdict, **said)
        assert caught.value.code == code


def test_a_quorum_puts_it_into_quarantine_and_the_round_goes_on(in_review):
    for _ in range(2):
        decide_contribution(make_maintainer(), in_review, QUARANTINE, **WHY)
    in_review.refresh_from_db()
    assert in_review.state == "quarantined"
    advance(in_review.round_id)
    in_review.round.refresh_from_db()
    assert in_review.round.state == "abandoned"  # it was the only one


def test_when_all_have_spoken_without_a_quorum_it_is_quarantined(in_review):
    Round.objects.filter(pk=in_review.round_id).update(quorum=50)
    in_review.round.refresh_from_db()
    left = tally_of(in_review).left
    for place, member in enumerate(left):
        in_review.refresh_from_db()
        assert in_review.state == "admitted"
        decide_contribution(make_maintainer(member), in_review, REJECT if place else ACCEPT, **WHY)
    in_review.refresh_from_db()
    assert in_review.state == "quarantined"


def test_the_conductor_waits_for_nobody_who_is_gone(in_review):
    decide_contribution(make_maintainer(), in_review, ACCEPT)
    Membership.objects.filter(role=Role.MAINTAINER).delete()
    advance(in_review.round_id)
    in_review.refresh_from_db()
    assert in_review.state == "quarantined"


def test_an_update_waits_for_maintainers_of_other_members_that_have_not_spoken(in_review):
    maintainer, colleague = make_maintainer(), make_maintainer()
    both = make_person(in_review.job.node.member, Role.STEWARD)
    grant_role(actor=COORDINATOR, user=both, member=make_member(), role=Role.MAINTAINER)
    assert asked_of(maintainer, "contribution") == ["Decide on the weight update"]
    assert asked_of(actor_of(both), "contribution") == []
    assert asked_of(make_actor("others", Role.STEWARD), "contribution") == []
    decide_contribution(maintainer, in_review, ACCEPT)
    assert asked_of(maintainer, "contribution") == []
    assert (
        asked_of(make_actor(Member.objects.get(slug=maintainer.member), Role.MAINTAINER), "contribution")
        == []
    )
    decide_contribution(colleague, in_review, ACCEPT)
    assert asked_of(make_maintainer(), "contribution") == []


def test_an_update_waits_for_nobody_before_its_review(admitted):
    assert asked_of(make_maintainer(), "contribution") == []
