"""The founding ends once, with a public event; until then the coordinator enters the first members."""

import pytest

from catalog.members.founding import end_founding, is_founded
from catalog.members.models import Role, User
from catalog.members.tasks import write_invitation
from provenance.actors import COORDINATOR
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_member

pytestmark = pytest.mark.django_db


def test_two_members_with_a_maintainer_found_a_consortium_once():
    for slug in ("lotus", "baobab"):
        make_actor(make_member(slug), Role.MAINTAINER)
    make_member("quiet")
    end_founding(actor=COORDINATOR)
    told = Event.objects.get(action="consortium.founded")
    assert told.details["maintainers"] == {"baobab": 1, "lotus": 1, "quiet": 0}
    with pytest.raises(Conflict):
        end_founding(actor=COORDINATOR)
    assert told.audience == "public"


def test_one_member_alone_founds_nothing():
    make_actor("lotus", Role.MAINTAINER)
    with pytest.raises(Conflict) as caught:
        end_founding(actor=COORDINATOR)
    assert (caught.value.code, is_founded()) == ("too-few-members", False)


def test_a_maintainer_can_end_it_and_a_steward_can_not():
    steward = make_actor("lotus", Role.STEWARD)
    maintainer = make_actor("lotus", Role.MAINTAINER)
    make_actor("baobab", Role.MAINTAINER)
    with pytest.raises(NotPermitted):
        end_founding(actor=steward)
    end_founding(actor=maintainer)
    assert is_founded()


def test_the_letter_to_a_new_person_leads_to_a_page_that_sets_the_password(client, mailoutbox):
    person = User.objects.create_user("lan@example.org", None, name="Lan")
    write_invitation(person.pk)
    link = next(line for line in mailoutbox[0].body.splitlines() if "/key/" in line)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    assert b'name="password1"' in page.content
    person.set_password("a-long-good-one")
    person.save()
    write_invitation(person.pk)
    assert len(mailoutbox) == 1
