"""Starting, reading and saving a proposal by API: nothing is overwritten unread, nothing wrong is kept."""

import json

import pytest

from catalog.proposals.models import Proposal
from tests.catalog.api.proposals_scene import BASE
from tests.factories import complete_record, make_dataset, make_draft, make_submitted

MERGE = "application/merge-patch+json"


@pytest.fixture
def steward(scene):
    return scene.caller("own steward")


@pytest.fixture
def draft(scene):
    return make_draft(member=scene.own, actor=scene.actor("own steward"))[1]


def test_a_draft_is_started_and_found_at_its_address(steward):
    started = steward.post(body={"member": "own", "record": {"title": {"en": "Songs"}, "tier": "open"}})
    assert started.status_code == 201, started.content
    said = started.json()
    assert (said["member"], said["state"], said["revision"], said["slug"]) == ("own", "draft", 1, "songs")
    assert started["ETag"] == '"1"'
    assert started["Location"].endswith(f"{BASE}{said['id']}/")
    assert steward.get(f"{said['id']}/").json() == said


def test_the_next_version_starts_from_the_newest(scene, steward):
    entry = make_dataset(member=scene.own, slug="songs")
    started = steward.post(body={"member": "own", "dataset": "songs"}).json()
    assert (started["dataset"], started["files"]) == ("songs", 1)
    assert started["record"]["title"] == entry.newest.record["title"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "member"),
        ({"member": "nobody"}, 422, "member"),
        ({"member": "own", "dataset": "nothing"}, 422, "dataset"),
        ({"member": "own", "record": []}, 400, "record"),
        ({"member": "own", "record": {"colour": "red"}}, 422, "colour"),
        ({"member": "own", "slug": "two words"}, 400, "slug"),
        ({"member": "own", "record": {"title": {"en": "\ud800"}}}, 422, None),
        ({"member": "own", "record": {"title": {"en": "\x00"}}}, 422, None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_started(steward, body, status, field):
    answer = steward.post(body=body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert field is None or field in answer.json()["fields"]
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"record":' * 40 + b"1" + b"}" * 40, b"\xff"])
def test_broken_bodies_are_malformed(steward, draft, body):
    answer = steward.client.generic(
        "PATCH", f"{BASE}{draft.pk}/", body, "application/json", headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_what_is_current_is_not_sent_twice(steward, draft):
    tag = steward.get(f"{draft.pk}/")["ETag"]
    again = steward.get(f"{draft.pk}/", **{"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", f'"{draft.revision}"')
    assert steward.get(f"{draft.pk}/", **{"If-None-Match": '"0"'}).status_code == 200


def test_a_move_on_the_same_revision_changes_the_tag(scene):
    proposal = make_submitted(member=scene.own)[1]
    maintainer = scene.caller("maintainer")
    tag = maintainer.get(f"{proposal.pk}/")["ETag"]
    maintainer.post(f"{proposal.pk}/reviews/", {"verdict": "approve", "accepted_for": "training"})
    assert maintainer.get(f"{proposal.pk}/", **{"If-None-Match": tag}).json()["state"] == "in_review"


def test_put_replaces_and_patch_changes(steward, draft):
    tag = steward.get(f"{draft.pk}/")["ETag"]
    patch = {"record": {"title": {"fr": "Chants"}, "origin": None, "languages": ["fr"]}}
    patched = steward.send("patch", f"{draft.pk}/", patch, tag=tag, kind=MERGE)
    assert patched.status_code == 200, patched.content
    record = patched.json()["record"]
    assert record["title"] == {**draft.record["title"], "fr": "Chants"}
    assert ("origin" in record, record["languages"]) == (False, ["fr"])
    put = steward.send("put", f"{draft.pk}/", {"record": {"tier": "open"}}, tag=patched["ETag"])
    assert (put.json()["record"], put["ETag"]) == ({"tier": "open"}, f'"{draft.revision + 2}"')


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_writer_says_what_it_read(steward, draft, method):
    answer = steward.send(method, f"{draft.pk}/", {"record": {"tier": "open"}})
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition-required")
    weak = steward.send(method, f"{draft.pk}/", {"record": {"tier": "open"}}, tag=f'W/"{draft.revision}"')
    assert weak.status_code == 412


@pytest.mark.parametrize(
    ("method", "sent", "differs"),
    [("patch", {"origin": "Mine"}, {"origin"}), ("put", {**complete_record(), "origin": "Mine"}, None)],
)
def test_whoever_read_an_older_revision_is_told_what_differs(steward, draft, method, sent, differs):
    tag = steward.get(f"{draft.pk}/")["ETag"]
    newer = steward.send("patch", f"{draft.pk}/", {"record": {"origin": "Theirs"}}, tag=tag)
    stale = steward.send(method, f"{draft.pk}/", {"record": sent}, tag=tag)
    said = stale.json()
    assert (stale.status_code, said["code"], stale["ETag"]) == (412, "revision-stale", newer["ETag"])
    assert (said["revision"], said["differing"]["origin"]) == (newer.json()["revision"], "Theirs")
    assert differs in (None, set(said["differing"]))
    draft.refresh_from_db()
    assert draft.record["origin"] == "Theirs"


def test_what_can_not_be_written_is_refused_by_name(steward, draft):
    body = {"record": {}, "state": "accepted", "files": []}
    answer = steward.send("patch", f"{draft.pk}/", body, tag="*")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"state", "files"})


def test_inv_1_of_a_private_record_only_the_seal_fields_are_kept(steward):
    draft = steward.post(body={"member": "own", "record": {"title": {"en": "Secret songs"}}})
    body = {"record": {**complete_record("private"), "title": {"en": "Secret songs"}}}
    saved = steward.send("put", f"{draft.json()['id']}/", body, tag=draft["ETag"])
    assert saved.json()["record"] == {"tier": "private", "affirmed": True}
    assert "secret" not in json.dumps(list(Proposal.objects.values("record", "slug", "files"))).lower()


def test_findings_name_blockers_and_their_requirement(steward):
    key = steward.post(body={"member": "own", "record": {"tier": "open"}}).json()["id"]
    said = steward.get(f"{key}/findings/").json()
    assert not said["ready"]
    missing = [each for each in said["findings"] if each["field"] == "title"]
    assert missing[0]["level"] == "blocker"
    assert {"code", "requirement", "message", "remedy"} <= set(missing[0])


def test_the_list_is_filtered_and_follows_a_cursor(scene, steward, django_assert_max_num_queries):
    keys = {str(make_submitted(member=scene.own)[1].pk) for _ in range(3)}
    make_draft("local-only", member=scene.own)
    found, address = set(), "?state=submitted&member=own&tier=open&page_size=2"
    while address:
        with django_assert_max_num_queries(6):
            page = steward.get(address).json()
        found |= {each["id"] for each in page["results"]}
        address = (page["next"] or "").rpartition(BASE)[2]
    assert found == keys
    assert steward.get("?tier=local-only").json()["results"][0]["state"] == "draft"
    assert steward.get("?state=sleeping").json()["fields"].keys() == {"state"}
