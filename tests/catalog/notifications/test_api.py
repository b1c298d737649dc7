"""Notifications by API: one's own, and nobody else's."""

from django.test import Client

from catalog.notifications.models import Notification

LIST = "/api/v1/notifications/"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def mark(client, **given):
    return client.post(f"{LIST}read/", given, content_type="application/json")


def test_the_list_tells_what_happened_and_where_to_look(scene):
    scene.send_back()
    said = client_of(scene.author).get(LIST).json()["results"]
    assert [each["action"] for each in said] == ["proposal.changes-requested"]
    assert said[0]["about"] == "Proposal: Spun wool"
    assert said[0]["url"].endswith(scene.proposal.get_absolute_url())
    assert said[0]["is_read"] is False


def test_the_list_is_in_the_language_that_is_asked_for(scene):
    scene.send_back()
    said = client_of(scene.author).get(LIST, headers={"Accept-Language": "fr"}).json()["results"]
    assert said[0]["about"] == "Proposition\u00a0: Spun wool"


def test_ids_that_are_somebody_elses_change_nothing(scene):
    scene.send_back()
    theirs = Notification.objects.get(recipient=scene.colleague)
    assert mark(client_of(scene.author), ids=[str(theirs.pk)]).json() == {"marked": 0}
    assert mark(client_of(scene.colleague), ids=[str(theirs.pk)]).json() == {"marked": 1}


def test_marks_are_checked_and_need_somebody(scene):
    assert mark(client_of(scene.author), ids=["x"]).status_code == 400
    assert mark(client_of(scene.author)).json() == {"marked": 0}
    assert mark(Client()).status_code == Client().get(LIST).status_code
    assert Client().get(LIST).status_code in {401, 403}
