"""Community reviewers and new members come by vote."""

import pytest

from catalog.governance.models import MotionKind
from catalog.governance.services import move
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.members.services import admit_member, grant_role, revoke_role
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from tests.factories import make_member, make_person

LOTUS = {
    "slug": "lotus",
    "name": "Lotus Institute",
    "region": "Asia",
    "country": "VN",
    "homepage": "https://lotus.example/",
    "maintainer": {"name": "Lan", "email": "Lan@lotus.example"},
}


def moved(house, kind, change):
    return move(actor=house.maintainers[0], kind=kind, change=change, reason="They know the community.")


def naming(person, member, *, grant=True, role=Role.COMMUNITY):
    return {"person": f"person:{person.pk}", "member": member.slug, "role": str(role), "grant": grant}


def test_a_carried_motion_names_a_community_reviewer_and_another_ends_it(house):
    elder = make_person("member-1", Role.RESEARCHER)
    member = elder.memberships.get().member
    for grant in (True, False):
        house.carry(moved(house, MotionKind.ROLE, naming(elder, member, grant=grant)))
        assert elder.memberships.filter(role=Role.COMMUNITY).exists() == grant
    with pytest.raises(Conflict):
        moved(house, MotionKind.ROLE, naming(elder, member, grant=False))


def test_the_reviewer_belongs_to_the_member(house):
    with pytest.raises(Invalid) as caught:
        moved(house, MotionKind.ROLE, naming(make_person(), make_member("member-1")))
    assert caught.value.code == "person-unknown"


def test_no_maintainer_names_a_community_reviewer_alone(house):
    own, elder = make_member("member-0"), make_person("member-0", Role.STEWARD)
    house.move()
    for actor in (house.maintainers[0], COORDINATOR):
        for act in (grant_role, revoke_role):
            with pytest.raises(NotPermitted) as caught:
                act(actor=actor, user=elder, member=own, role=Role.COMMUNITY)
            assert caught.value.code == "vote-needed"


def test_a_member_is_admitted_with_its_first_maintainer(
    house, mailoutbox, django_capture_on_commit_callbacks
):
    motion = moved(house, MotionKind.MEMBER, LOTUS)
    with django_capture_on_commit_callbacks(execute=True):
        house.carry(motion)
    person = User.objects.get(email="lan@lotus.example")
    assert actor_of(person).has_role(Role.MAINTAINER, member="lotus")
    assert not person.has_usable_password()
    approvals = Event.objects.filter(subject="member:lotus").values_list("action", "approval")
    assert sorted(approvals) == [
        ("member.admitted", f"motion:{motion.pk}"),
        ("role.granted", f"motion:{motion.pk}"),
    ]


def test_somebody_who_has_an_account_keeps_it(house):
    known = make_person("member-1", Role.RESEARCHER, email="lan@lotus.example")
    house.carry(moved(house, MotionKind.MEMBER, LOTUS))
    assert actor_of(User.objects.get(pk=known.pk)).members == {"member-1", "lotus"}
    assert User.objects.get(pk=known.pk).has_usable_password()


def test_address_and_name_of_the_person_never_reach_the_log_and_are_forgotten_after_the_vote(house):
    motion = house.carry(moved(house, MotionKind.MEMBER, LOTUS))
    told = str(list(Event.objects.values_list("details", flat=True)))
    assert "lotus.example/" in told
    assert "Lan" not in told
    assert "maintainer" not in motion.change


@pytest.mark.parametrize(
    ("field", "value"), [("slug", "Two words"), ("country", "Vietnam"), ("homepage", "lotus"), ("region", "")]
)
def test_a_member_that_could_not_be_entered_is_refused(house, field, value):
    with pytest.raises(Invalid) as caught:
        moved(house, MotionKind.MEMBER, {**LOTUS, field: value})
    assert field in caught.value.fields


def test_after_the_founding_the_coordinator_enters_nobody_with_a_voice(house):
    house.move()
    person = make_person()
    said = {name: value for name, value in LOTUS.items() if name != "maintainer"}
    with pytest.raises(NotPermitted, match="by vote"):
        admit_member(actor=COORDINATOR, **said)
    for member in Member.objects.filter(slug__in=["silent", "member-0"]):
        with pytest.raises(NotPermitted, match="by vote"):
            grant_role(actor=COORDINATOR, user=person, member=member, role=Role.MAINTAINER)
    grant_role(actor=COORDINATOR, user=person, member=member, role=Role.RESEARCHER)


def test_nor_does_it_take_a_voice_away(house):
    house.move()
    person = User.objects.get(pk=house.maintainers[1].key)
    with pytest.raises(NotPermitted, match="by vote"):
        revoke_role(actor=COORDINATOR, user=person, member=make_member("member-1"), role=Role.MAINTAINER)


def test_a_vote_gives_a_member_without_a_voice_one_again_and_no_second(house):
    silent = make_member("silent")
    first, second = make_person(silent, Role.RESEARCHER), make_person(silent, Role.RESEARCHER)
    house.carry(moved(house, MotionKind.ROLE, naming(first, silent, role=Role.MAINTAINER)))
    assert actor_of(first).has_role(Role.MAINTAINER, member="silent")
    with pytest.raises(Invalid) as caught:
        moved(house, MotionKind.ROLE, naming(second, silent, role=Role.MAINTAINER))
    assert caught.value.code == "own-affair"


def test_the_mandate_of_one_motion_serves_no_other(house):
    carried = house.carry(house.move())
    with pytest.raises(NotPermitted, match="by vote"):
        grant_role(
            actor=COORDINATOR,
            user=make_person(),
            member=make_member("member-0"),
            role=Role.MAINTAINER,
            motion=carried,
        )
