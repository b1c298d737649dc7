"""Two members let a machine in; any maintainer stops it; its owner takes it out."""

import pytest

from catalog.members.models import Role
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from provenance.signing.keys import PrivateKey
from tests.factories import make_actor, make_member
from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.waiting import asked_of
from training.nodes.enrolment import request_enrolment
from training.nodes.models import Node
from training.nodes.services import approve_node, reinstate_node, revoke_node, suspend_node

pytestmark = pytest.mark.django_db


def wish(**changes):
    return {
        "did": PrivateKey.generate().did,
        "slug": "loom",
        "name": "Loom",
        "member_slug": make_member().slug,
        "form": "attached",
        "jurisdiction": "VN",
        "capabilities": {},
        **changes,
    }


def test_asking_twice_is_asking_once():
    asked = wish()
    assert request_enrolment(**asked) == request_enrolment(**asked)
    assert Event.objects.filter(action="node.enrolment-requested").count() == 1


def test_a_slug_belongs_to_the_first_key():
    request_enrolment(**wish())
    with pytest.raises(Conflict, match="Another key") as caught:
        request_enrolment(**wish())
    assert caught.value.code == "slug-taken"


def test_a_key_has_one_slug():
    asked = wish()
    request_enrolment(**asked)
    with pytest.raises(Conflict) as caught:
        request_enrolment(**asked | {"slug": "other"})
    assert caught.value.code == "key-already-enrolled"


def test_an_unknown_member_is_named():
    with pytest.raises(Invalid) as caught:
        request_enrolment(**wish(member_slug="nobody"))
    assert caught.value.code == "member-unknown"


def test_the_owner_and_one_other_member_are_enough():
    node = SigningNode(active=False).node
    assert approve_node(make_maintainer(node.member), node).state == "pending"
    assert approve_node(make_maintainer(), node).state == "active"


def test_two_people_of_one_member_are_one_voice():
    node, member = SigningNode(active=False).node, make_member()
    approve_node(make_maintainer(member), node)
    with pytest.raises(Conflict) as caught:
        approve_node(make_maintainer(member), node)
    assert caught.value.code == "already-approved"


def test_inv_7_the_operator_and_stewards_let_nobody_in(django_user_model):
    from catalog.members.actors import actor_of

    node = SigningNode(active=False).node
    operator = django_user_model.objects.create_superuser("root@example.org", "a good password", name="Root")
    for actor in (actor_of(operator), make_actor(make_member(), Role.STEWARD)):
        with pytest.raises(NotPermitted) as caught:
            approve_node(actor, node)
        assert caught.value.code == "not-a-maintainer"


def test_a_suspended_node_comes_back_on_another_members_word():
    node = suspend_node(make_maintainer(), SigningNode().node, cause="noise")
    with pytest.raises(NotPermitted) as caught:
        reinstate_node(make_maintainer(node.member), node, cause="fixed")
    assert caught.value.code == "recused"
    assert reinstate_node(make_maintainer(), node, cause="seen it fixed").state == "active"


def test_only_the_owner_revokes_and_it_is_final():
    node = SigningNode().node
    with pytest.raises(NotPermitted):
        revoke_node(make_maintainer(), node, cause="dislike")
    owner = make_maintainer(node.member)
    assert revoke_node(owner, node, cause="leaving").state == "revoked"
    with pytest.raises(Conflict):
        revoke_node(owner, Node.objects.get(pk=node.pk), cause="again")


def test_a_pending_node_waits_for_members_that_have_not_agreed():
    node, first = SigningNode(active=False).node, make_maintainer()
    assert asked_of(first, "node") == ["Let the node take part"]
    assert asked_of(make_actor(node.member, Role.STEWARD), "node") == []
    approve_node(first, node)
    assert asked_of(first, "node") == []
    last = make_maintainer()
    assert asked_of(last, "node") == ["Let the node take part"]
    approve_node(last, node)
    assert asked_of(make_maintainer(), "node") == []
