"""Whom the steps of a request concern, on the site and by mail; and the beat, which ends what is over."""

from catalog.access.services import grant_access
from catalog.access.tasks import expire_access
from catalog.members.models import User
from catalog.notifications.mailing import mail_due
from catalog.notifications.models import Notification
from tests.catalog.access.conftest import NOON


def person(actor):
    return User.objects.get(pk=actor.key)


def told(actor):
    rows = Notification.objects.filter(recipient=actor.key, event__action__startswith="access.")
    return list(rows.order_by("event_id").values_list("event__action", flat=True))


def test_the_owners_stewards_hear_that_somebody_asks(scene, mailoutbox):
    request = scene.ask()
    mail_due()
    letters = [letter for letter in mailoutbox if letter.to == [person(scene.steward).email]]
    assert "asks for access · Access to Declarations in Vietnamese" in letters[-1].subject
    assert request.get_absolute_url() in letters[-1].body
    assert request.project not in letters[-1].body


def test_who_asked_hears_of_the_decision_and_of_the_end(scene):
    grant_access(actor=scene.steward, request=scene.ask(), days=1, at=NOON.replace(year=2025))
    expire_access()
    assert told(scene.researcher) == ["access.granted", "access.expired"]
    assert told(scene.outsider) == []


def test_the_beat_closes_what_is_over(scene):
    request = grant_access(actor=scene.steward, request=scene.ask(), days=1, at=NOON.replace(year=2025))
    expire_access()
    request.refresh_from_db()
    assert request.state == "expired"
