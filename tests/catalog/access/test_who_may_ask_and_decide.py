"""Wrong actors: what they may know of is refused, what they may not know of is missing (INV-6)."""

import pytest

from catalog.access.models import AccessRequest
from catalog.access.services import (
    grant_access,
    refuse_access,
    renew_access,
    revoke_access,
    withdraw_request,
)
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.members.services import grant_role
from catalog.policy.replay import decide_again
from catalog.tiers import Purpose, Tier
from provenance.actors import ANONYMOUS, COORDINATOR
from provenance.errors import NotFound, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset, make_member, make_person, node_actor

DECISIONS = [grant_access, refuse_access, revoke_access]


def code_of(verb, **given):
    with pytest.raises((NotFound, NotPermitted)) as refusal:
        verb(**given)
    return refusal.value.code


@pytest.mark.parametrize(
    ("tier", "purpose", "code"),
    [
        (Tier.OPEN, Purpose.SOVEREIGN_BUILD, "no-grant-needed"),
        (Tier.TRAIN_ONLY, Purpose.CONTRIBUTED_CPT, "no-grant-needed"),
        (Tier.PRIVATE, Purpose.SOVEREIGN_BUILD, "not-found"),
    ],
)
def test_there_is_nothing_to_ask_for(scene, tier, purpose, code):
    entry = make_dataset(tier, member=make_member("owner"))
    assert code_of(scene.ask, dataset=entry, purpose=purpose) == code
    assert not AccessRequest.objects.exists()


def test_nobody_asks_for_their_own_or_for_a_member_that_is_not_theirs(scene):
    assert code_of(scene.ask, actor=scene.steward, member=make_member("owner")) == "no-grant-needed"
    assert code_of(scene.ask, actor=scene.outsider) == "not-a-member"
    assert code_of(scene.ask, actor=node_actor("asking")) == "not-a-member"
    assert code_of(scene.ask, actor=ANONYMOUS) == "not-a-member"


def test_a_refused_question_is_in_the_log_and_can_be_answered_again(scene):
    code_of(scene.ask, purpose=Purpose.EVALUATION)
    event = Event.objects.get(action="access.request-access", audience="member:asking")
    assert decide_again(event).reason_codes == ("no-grant-needed",)


@pytest.mark.parametrize("verb", DECISIONS)
def test_only_stewards_of_the_owner_decide(scene, verb):
    request = scene.ask()
    colleague = make_actor("owner", Role.MAINTAINER)
    for actor in (colleague, scene.researcher, make_actor("asking", Role.STEWARD)):
        assert code_of(verb, actor=actor, request=request, note="x") == "not-a-steward"


@pytest.mark.parametrize("verb", DECISIONS)
def test_nobody_of_the_asking_member_decides_even_as_a_steward_of_the_owner(scene, verb):
    both = make_person("owner", Role.STEWARD)
    grant_role(actor=COORDINATOR, user=both, member=scene.asking, role=Role.RESEARCHER)
    assert code_of(verb, actor=actor_of(both), request=scene.ask(), note="x") == "recused"


@pytest.mark.parametrize("verb", [*DECISIONS, withdraw_request])
def test_inv_6_others_find_no_request(scene, verb):
    request = scene.ask()
    for actor in (scene.outsider, ANONYMOUS):
        assert code_of(verb, actor=actor, request=request, note="x") == "not-found"


def test_the_owner_neither_takes_back_nor_renews_what_others_asked(scene):
    request = scene.ask()
    assert code_of(withdraw_request, actor=scene.steward, request=request) == "not-of-the-asking-member"
    assert code_of(renew_access, actor=scene.steward, request=request, days=1) == "not-of-the-asking-member"
    assert code_of(renew_access, actor=scene.outsider, request=request, days=1) == "not-found"


def test_requests_are_between_their_two_members(scene):
    request = scene.ask()
    shown = AccessRequest.objects.visible_to
    assert list(shown(scene.researcher)) == list(shown(scene.steward)) == [request]
    assert not shown(scene.outsider).exists()
    assert not shown(ANONYMOUS).exists()
    told = Event.objects.visible_to(scene.outsider.audiences)
    assert not told.filter(action__startswith="access.").exists()


def test_inv_6_a_request_disappears_for_its_asker_with_an_entry_that_became_private(scene):
    scene.ask()
    type(scene.entry).objects.filter(pk=scene.entry.pk).update(audience="member:owner")
    assert not AccessRequest.objects.visible_to(scene.researcher).exists()
    assert AccessRequest.objects.visible_to(scene.steward).exists()
