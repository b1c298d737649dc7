from catalog.access.services import grant_access
from catalog.access.tasks import expire_access, write_letter
from catalog.members.models import User
from tests.catalog.access.conftest import NOON


def test_the_owners_stewards_hear_that_somebody_asks(scene, mailoutbox):
    request = scene.ask()
    write_letter(str(request.pk), "access.requested")
    letter = mailoutbox[0]
    assert [User.objects.get(pk=scene.steward.key).email] in [each.to for each in mailoutbox]
    assert "Institute asking asks for access to songs." in letter.subject
    assert request.get_absolute_url() in letter.body
    assert request.project not in letter.body


def test_who_asked_hears_of_the_decision_and_of_the_end(scene, mailoutbox):
    request = grant_access(actor=scene.steward, request=scene.ask(), at=NOON)
    for action in ("access.granted", "access.expired"):
        write_letter(str(request.pk), action)
    assert {address for letter in mailoutbox for address in letter.to} == {request.requested_by.email}


def test_the_beat_closes_what_is_over(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), days=1, at=NOON.replace(year=2025))
    expire_access()
    request.refresh_from_db()
    assert request.state == "expired"
