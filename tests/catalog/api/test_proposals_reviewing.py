"""Reviews, talks and appeals by API: the services' answers with their codes."""

import pytest

from catalog.members.models import Role
from catalog.review.models import Assignment
from tests.factories import make_member, make_person, make_submitted

APPROVAL = {"verdict": "approve", "accepted_for": "training", "note": "Read it all."}


@pytest.fixture
def key(scene):
    scene.people["second maintainer"] = make_person(make_member("fourth"), Role.MAINTAINER)
    return make_submitted(member=scene.own, actor=scene.actor("own steward"))[1].pk


def test_two_members_accept_and_the_entry_is_published(scene, key):
    first, second = (scene.caller(f"token of {who}") for who in ("maintainer", "second maintainer"))
    read = first.get(f"{key}/")["ETag"]
    said = first.post(f"{key}/reviews/", APPROVAL, tag=read)
    assert said.status_code == 201, said.content
    assert (said.json()["member"], said.json()["verdict"]) == ("third", "approve")
    assert first.post(f"{key}/reviews/", APPROVAL).json()["code"] == "member-has-spoken"
    assert second.post(f"{key}/reviews/", APPROVAL).status_code == 201
    done = second.get(f"{key}/").json()
    assert (done["state"], done["accepted_for"]) == ("accepted", "training")
    assert len(second.get(f"{key}/reviews/").json()) == 2


def test_a_review_of_an_older_revision_is_refused(scene, key):
    maintainer = scene.caller("maintainer")
    stale = maintainer.post(f"{key}/reviews/", APPROVAL, tag='"1-submitted"')
    assert (stale.status_code, stale.json()["code"]) == (412, "revision-stale")
    assert maintainer.get(f"{key}/reviews/").json() == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "verdict"),
        ({"verdict": "maybe"}, 400, "verdict"),
        ({"verdict": "reject"}, 422, "note"),
        ({**APPROVAL, "member": "nobody"}, 422, "member"),
    ],
)
def test_what_is_wrong_in_a_review_is_named(scene, key, body, status, field):
    answer = scene.caller("maintainer").post(f"{key}/reviews/", body)
    assert (answer.status_code, field in answer.json()["fields"]) == (status, True)


def test_who_is_asked_may_decline_and_others_may_not(scene, key):
    maintainer = scene.caller("maintainer")
    asked = {each["reviewer"]: each["id"] for each in maintainer.get(f"{key}/assignments/").json()}
    own = asked.pop(f"person:{scene.people['maintainer'].pk}")
    path = f"{key}/assignments/{{}}/decline/"
    other = maintainer.post(path.format(*asked.values()), {"reason": "Too much."})
    assert (other.status_code, other.json()["code"]) == (403, "not-assigned")
    assert maintainer.post(path.format(own), {"reason": "Away."}).json()["state"] == "declined"
    assert maintainer.post(path.format(2**31), {"reason": "Away."}).status_code == 404
    assert Assignment.objects.get(pk=own).state == "declined"


def test_who_stepped_back_decides_no_more(scene, key):
    maintainer = scene.caller("maintainer")
    assert maintainer.post(f"{key}/recusals/", {"reason": "My cousin made it."}).status_code == 201
    refused = maintainer.post(f"{key}/reviews/", APPROVAL)
    assert (refused.status_code, refused.json()["code"]) == (403, "recused")


def test_a_talk_at_a_field_is_answered_and_settled(scene, key):
    maintainer, steward = scene.caller("maintainer"), scene.caller("own steward")
    opened = maintainer.post(f"{key}/threads/", {"field": "origin", "text": "From where?", "requested": True})
    assert opened.status_code == 201, opened.content
    path = f"{key}/threads/{opened.json()['id']}/"
    assert steward.post(f"{path}comments/", {"text": "From the archive."}).status_code == 201
    assert steward.send("patch", path, {"resolved": True}).json()["resolved_at"]
    assert steward.send("patch", path, {"resolved": True}).json()["code"] == "already-resolved"
    (thread,) = steward.get(f"{key}/threads/").json()
    assert [each["text"] for each in thread["comments"]] == ["From where?", "From the archive."]
    assert steward.send("patch", path, {"resolved": False}).json()["resolved_by"] is None


def test_a_block_is_appealed_and_upheld_by_others(scene, key):
    blocked = {"verdict": "block", "ground": "rights", "note": "No right to it."}
    assert scene.caller("maintainer").post(f"{key}/reviews/", blocked).status_code == 201
    steward = scene.caller("own steward")
    made = steward.post(f"{key}/appeals/", {"grounds": "We have the right, see the deed."})
    assert made.status_code == 201, made.content
    path = f"{key}/appeals/{made.json()['id']}/"
    voice = {"upholds": True, "note": "The deed is good."}
    spoke = scene.caller("maintainer").post(f"{path}voices/", voice)
    assert (spoke.status_code, spoke.json()["code"]) == (403, "spoke-for-decision")
    assert scene.caller("second maintainer").post(f"{path}voices/", voice).status_code == 201
    assert steward.get(f"{key}/appeals/").json()[0]["voices"][0]["upholds"] is True
    closed = steward.post(f"{path}withdraw/")
    assert (closed.status_code, closed.json()["code"]) == (409, "appeal-closed")
    assert steward.get(f"{key}/").json()["state"] == "in_review"


def test_the_history_tells_it_all_with_digests(scene, key):
    scene.caller("maintainer").post(f"{key}/reviews/", APPROVAL)
    told = scene.caller("own steward").get(f"{key}/history/").json()
    assert {"events", "submissions", "reviews"} <= set(told)
    assert told["reviews"][0]["member"] == "third"
    assert all(len(event["digest"]) == 64 for event in told["events"])
