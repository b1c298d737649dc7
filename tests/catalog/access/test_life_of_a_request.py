"""Ask, decide, use, renew, end: and at each moment the policy answers as the request stands."""

from datetime import timedelta

import pytest

from catalog.access.reading import grants_for
from catalog.access.services import (
    expire_due,
    grant_access,
    refuse_access,
    renew_access,
    revoke_access,
    withdraw_request,
)
from catalog.policy import Operation, decide
from catalog.tiers import Purpose
from provenance.errors import Conflict, Invalid
from provenance.events.models import Event
from tests.catalog.access.conftest import NOON
from tests.factories import node_actor


def serves(scene, at=NOON):
    """Why the asking member's node is not served for its own build; empty when it is."""
    return decide(
        actor=node_actor("asking"),
        operation=Operation.SERVE_TO_NODE,
        version_or_facts=scene.entry.newest,
        purpose=Purpose.SOVEREIGN_BUILD,
        place="VN",
        at=at,
        grants=grants_for(scene.entry.pk, "asking"),
    ).reason_codes


def test_a_grant_opens_the_data_for_its_days_and_not_a_second_longer(scene):
    request = scene.ask()
    assert serves(scene) == ("grant-required",)
    grant_access(actor=scene.steward, request=request, days=10, at=NOON)
    end = NOON + timedelta(days=10)
    assert serves(scene) == serves(scene, end - timedelta(seconds=1)) == ()
    assert serves(scene, end) == ("grant-expired",)


def test_the_hour_of_its_end_is_written_down_once(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    end = NOON + timedelta(days=30)
    assert expire_due(at=end - timedelta(seconds=1)) == 0
    assert [expire_due(at=end), expire_due(at=end)] == [1, 0]
    request.refresh_from_db()
    assert request.state == "expired"
    assert serves(scene, end) == ("grant-expired",)


def test_a_renewal_is_a_request_of_its_own_that_the_owner_decides(scene):
    old = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    renewal = renew_access(actor=scene.researcher, request=old, days=60)
    assert (renewal.renews, renewal.state, renewal.scope) == (old, "submitted", old.scope)
    later = NOON + timedelta(days=20)
    grant_access(actor=scene.steward, request=renewal, at=later)
    assert serves(scene, NOON + timedelta(days=79)) == ()
    expire_due(at=NOON + timedelta(days=31))
    assert serves(scene, NOON + timedelta(days=79)) == ()


def test_a_revocation_counts_from_the_next_decision_on(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    revoke_access(actor=scene.steward, request=request, note="The community asked for it back.")
    assert serves(scene) == ("grant-required",)
    with pytest.raises(Conflict, match="nothing to renew"):
        renew_access(actor=scene.researcher, request=request, days=1)


def test_a_refusal_says_why_and_the_same_may_be_asked_again(scene):
    request = scene.ask()
    with pytest.raises(Invalid, match="Say why"):
        refuse_access(actor=scene.steward, request=request)
    refused = refuse_access(actor=scene.steward, request=request, reason_codes=["scope-too-wide"])
    assert (refused.state, refused.reason_codes) == ("refused", ["scope-too-wide"])
    assert scene.ask(scope="One run").state == "submitted"


def test_a_grant_can_be_given_back(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    assert withdraw_request(actor=scene.researcher, request=request).state == "withdrawn"
    assert serves(scene) == ("grant-required",)


def test_what_waits_is_not_asked_twice(scene):
    scene.ask()
    with pytest.raises(Conflict) as refusal:
        scene.ask()
    assert refusal.value.code == "already-asked"


@pytest.mark.parametrize("verb", [grant_access, refuse_access])
def test_what_is_decided_is_decided(scene, verb):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    with pytest.raises(Conflict):
        verb(actor=scene.steward, request=request, note="Once more")


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_length_that_no_grant_has_is_refused(scene, days):
    with pytest.raises(Invalid) as refusal:
        scene.ask(days=days)
    assert refusal.value.fields == {"days": ["Give a number of days from 1 to 730."]}


def test_each_step_is_in_the_log_once_for_each_of_the_two(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    revoke_access(actor=scene.steward, request=request, note="No more")
    steps = Event.objects.filter(subject=f"access:{request.pk}").order_by("id")
    for audience in ("member:asking", "member:owner"):
        told = [event.action for event in steps if event.audience == audience]
        assert told == ["access.requested", "access.granted", "access.revoked"]
    assert steps.count() == 6


def test_the_grants_of_many_entries_are_one_query(scene, django_assert_num_queries):
    grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    with django_assert_num_queries(1):
        (grant,) = grants_for(range(scene.entry.pk, scene.entry.pk + 1000), "asking")
    assert (grant.dataset, grant.member, grant.purpose) == ("songs", "asking", Purpose.SOVEREIGN_BUILD)
