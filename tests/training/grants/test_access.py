"""A member's own build on another's train-only data: it rests on a granted request, and ends with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.access.models import AccessRequest
from catalog.access.services import grant_access, request_access, revoke_access
from catalog.members.models import Role
from catalog.tiers import Purpose
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset
from tests.training.api.signing_node import SigningNode
from tests.training.grants.conftest import GRANTS, code_of, manifest, read
from training.api.streaming import CHUNK, ReadCut
from training.grants.models import DataGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset():
    return make_dataset("train-only", texts={"vi": b"x" * (2 * CHUNK)})


@pytest.fixture
def owner(dataset):
    return make_actor(dataset.member, Role.STEWARD)


@pytest.fixture
def access(node, dataset, owner) -> AccessRequest:
    """What the node's member was granted."""
    asked = request_access(
        actor=make_actor(node.node.member, Role.STEWARD),
        dataset=dataset,
        member=node.node.member,
        purpose=Purpose.SOVEREIGN_BUILD,
        project="Our own model",
        scope="All of it",
        days=30,
    )
    return grant_access(actor=owner, request=asked)


def test_without_a_granted_request_there_is_no_grant(node, dataset):
    assert code_of(node.post(GRANTS, manifest(dataset))) == (403, "grant-required")


def test_a_granted_request_opens_the_data_to_its_member_alone(node, dataset, access):
    answer = node.post(GRANTS, manifest(dataset, approval=f"access:{access.pk}"))
    assert len(read(node.get(answer.json()["files"][0]["url"]))) == 2 * CHUNK
    assert code_of(SigningNode().post(GRANTS, manifest(dataset))) == (403, "grant-required")


def test_a_request_for_another_purpose_is_no_approval(node, dataset, access):
    wish = manifest(dataset, purpose="evaluation", approval=f"access:{access.pk}")
    assert code_of(node.post(GRANTS, wish)) == (403, "approval-required")


def test_a_grant_never_outlives_what_it_rests_on(node, dataset, access):
    soon = timezone.now() + timedelta(minutes=2)
    AccessRequest.objects.filter(pk=access.pk).update(expires_at=soon)
    node.post(GRANTS, manifest(dataset))
    assert DataGrant.objects.get().expires_at == soon


def test_only_the_two_members_read_of_it_in_the_log(node, dataset, access):
    answer = node.post(GRANTS, manifest(dataset)).json()
    read(node.get(answer["files"][0]["url"]))
    told = Event.objects.filter(action__in=["grant.issued", "data.read"]).values_list("audience", flat=True)
    assert set(told) == {f"member:{dataset.member.slug}", f"member:{node.node.member.slug}"}


def test_when_the_owner_revokes_the_request_a_read_ends_before_its_next_byte(node, dataset, owner, access):
    url = node.post(GRANTS, manifest(dataset)).json()["files"][0]["url"]
    chunks = iter(node.get(url).streaming_content)
    next(chunks)
    revoke_access(actor=owner, request=access, note="The project changed.")
    with pytest.raises(ReadCut):
        next(chunks)
    assert DataGrant.objects.get().revoked_because == "access-revoked"
    assert code_of(node.get(url)) == (403, "access-ended")


def test_when_the_request_runs_out_the_grant_is_over_by_the_clock(node, dataset, access):
    url = node.post(GRANTS, manifest(dataset)).json()["files"][0]["url"]
    AccessRequest.objects.filter(pk=access.pk).update(
        starts_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert code_of(node.get(url)) == (403, "access-ended")


def test_private_bytes_are_granted_to_nobody_not_even_their_owner(node):
    private = make_dataset("private", member=node.node.member)
    wish = manifest(private, output={"tier": "private", "licence": "CC-BY-4.0"})
    assert code_of(node.post(GRANTS, wish)) == (403, "tier-forbids-download")
