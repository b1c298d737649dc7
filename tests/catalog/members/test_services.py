"""Members and roles: entered with an event, and no role is global."""

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Membership, Role
from catalog.members.services import admit_member, grant_role, revoke_role
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_member, make_person

pytestmark = pytest.mark.django_db
LOTUS = {"slug": "lotus", "name": "Lotus", "region": "Asia", "country": "VN"}


def test_a_member_is_entered_once_and_logged():
    admit_member(actor=COORDINATOR, **LOTUS)
    with pytest.raises(Conflict):
        admit_member(actor=COORDINATOR, **LOTUS)
    assert Event.objects.get().subject == "member:lotus"


def test_no_person_enters_a_member():
    with pytest.raises(NotPermitted):
        admit_member(actor=make_actor("baobab", Role.MAINTAINER), **LOTUS)


def test_a_role_is_held_for_one_member_only():
    actor = make_actor("lotus", Role.MAINTAINER)
    assert actor.has_role(Role.MAINTAINER, member="lotus")
    assert not actor.has_role(Role.MAINTAINER, member="baobab")


def test_maintainers_hand_out_roles_of_their_own_member_only():
    newcomer, lotus, baobab = make_person(), make_member("lotus"), make_member("baobab")
    maintainer = make_actor(lotus, Role.MAINTAINER)
    grant_role(actor=maintainer, user=newcomer, member=lotus, role=Role.RESEARCHER)
    with pytest.raises(NotPermitted):
        grant_role(actor=maintainer, user=newcomer, member=baobab, role=Role.RESEARCHER)
    assert actor_of(newcomer).members == {"lotus"}


def test_a_role_can_be_taken_back_and_both_are_logged_once():
    lotus = make_member("lotus")
    user = make_person(lotus, Role.STEWARD)
    for _ in range(2):
        revoke_role(actor=COORDINATOR, user=user, member=lotus, role=Role.STEWARD)
    assert not Membership.objects.exists()
    actions = Event.objects.filter(action__startswith="role.").values_list("action", flat=True)
    assert sorted(actions) == ["role.granted", "role.revoked"]


def test_an_operator_has_no_role_by_being_one():
    user = make_person()
    user.is_superuser = True
    assert actor_of(user).audiences == {"public"}
