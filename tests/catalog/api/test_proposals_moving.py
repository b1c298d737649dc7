"""Files, seals, handing in and taking back by API."""

import base64

import pytest

from catalog.proposals.models import Proposal
from catalog.review.models import Submission
from tests.catalog.api.proposals_scene import BASE
from tests.factories import make_dataset, make_draft, pointer, sealed

AFFIRMED = {"affirmed": True}


@pytest.fixture
def steward(scene):
    return scene.caller("token of own steward")


def a_draft(scene, tier="open", **changes):
    return make_draft(tier, member=scene.own, actor=scene.actor("own steward"), **changes)[1]


def tag_of(caller, key):
    return caller.get(f"{key}/")["ETag"]


def test_handing_in_needs_the_affirmation_and_the_tag(scene, steward):
    draft = a_draft(scene, affirmed=False)
    assert steward.post(f"{draft.pk}/submit/", AFFIRMED).status_code == 428
    assert steward.post(f"{draft.pk}/submit/", AFFIRMED, tag='"99"').json()["code"] == "revision-stale"
    refused = steward.post(f"{draft.pk}/submit/", {"affirmed": False}, tag="*")
    assert (refused.status_code, set(refused.json()["fields"])) == (400, {"affirmed"})
    taken = steward.post(f"{draft.pk}/submit/", AFFIRMED, tag=tag_of(steward, draft.pk))
    assert (taken.status_code, taken.json()["state"]) == (200, "submitted")
    assert taken.json()["record"]["affirmed"] is True


def test_what_is_incomplete_is_named_and_stays_as_it_was(scene, steward):
    draft = a_draft(scene, affirmed=False, licence=None)
    refused = steward.post(f"{draft.pk}/submit/", AFFIRMED, tag=f'"{draft.revision}"')
    assert (refused.status_code, refused.json()["code"]) == (422, "record-incomplete")
    assert "licence" in refused.json()["fields"]
    assert tag_of(steward, draft.pk) == f'"{draft.revision}"'


def test_a_next_version_says_what_changed_as_it_is_handed_in(scene, steward):
    make_dataset(member=scene.own, slug="songs")
    draft = steward.post(body={"member": "own", "dataset": "songs"})
    body = {**AFFIRMED, "change_note": "Proofread again.", "answer": "Nobody asked."}
    taken = steward.post(f"{draft.json()['id']}/submit/", body, tag=draft["ETag"])
    assert taken.json()["change_note"] == "Proofread again."
    assert Submission.objects.get(proposal=draft.json()["id"]).answer == "Nobody asked."


def test_a_proposal_is_taken_back_once(scene, steward):
    draft = a_draft(scene)
    taken = steward.post(f"{draft.pk}/withdraw/", {"reason": "A mistake."})
    assert taken.json()["state"] == "withdrawn"
    again = steward.post(f"{draft.pk}/withdraw/")
    assert (again.status_code, again.json()["code"]) == (409, "state-changed")


def test_pointers_come_and_go_for_local_only_drafts_alone(scene, steward):
    draft = a_draft(scene, "local-only")
    listed = steward.post(f"{draft.pk}/files/", {"files": [pointer("more.txt")]})
    assert [each["path"] for each in listed.json()] == ["vi.txt", "more.txt"]
    gone = steward.send("delete", f"{draft.pk}/files/more.txt", tag=listed["ETag"])
    assert (gone.status_code, len(steward.get(f"{draft.pk}/files/").json())) == (204, 1)
    assert steward.send("delete", f"{draft.pk}/files/more.txt").json()["code"] == "file-not-attached"
    refused = steward.post(f"{a_draft(scene).pk}/files/", {"files": [pointer("more.txt")]})
    assert (refused.status_code, refused.json()["code"]) == (422, "pointers-not-accepted")


def test_a_token_uploads_bytes_by_tus(scene, steward):
    draft, text = a_draft(scene), "Mọi người\n".encode()
    words = {"filename": "more.txt", "language": "vi", "filetype": "text/plain"}
    metadata = ",".join(f"{name} {base64.b64encode(word.encode()).decode()}" for name, word in words.items())
    always = {**steward.headers, "Tus-Resumable": "1.0.0"}
    begun = steward.client.post(
        f"/proposals/{draft.pk}/uploads/",
        headers={**always, "Upload-Length": str(len(text)), "Upload-Metadata": metadata},
    )
    assert begun.status_code == 201, begun.content
    kind = "application/offset+octet-stream"
    length = {"Upload-Offset": "0", "Content-Length": str(len(text))}
    sent = steward.client.generic("PATCH", begun["Location"], text, kind, headers={**always, **length})
    assert sent.status_code == 204, sent.content
    assert [each["path"] for each in steward.get(f"{draft.pk}/files/").json()] == ["vi.txt", "more.txt"]


def test_inv_1_a_private_draft_takes_a_seal_and_nothing_else(scene, steward):
    key = steward.post(body={"member": "own", "record": {"tier": "private"}}).json()["id"]
    refused = steward.post(f"{key}/files/", {"files": [pointer()]})
    assert refused.json()["code"] == "pointers-not-accepted"
    attached = steward.post(f"{key}/seal/", {"envelope": sealed(scene.own)})
    assert attached.status_code == 200, attached.content
    assert set(attached.json()["record"]) == {
        *("tier", "affirmed", "commitment", "node", "sealed_at", "statement")
    }
    taken = steward.post(f"{key}/submit/", AFFIRMED, tag=attached["ETag"])
    assert taken.json()["state"] == "accepted"
    assert scene.caller("maintainer").get(f"{key}/").status_code == 404


def test_a_refused_step_undoes_the_ones_before_it(scene, steward):
    make_dataset(member=scene.own, slug="songs")
    draft = steward.post(body={"member": "own", "dataset": "songs", "record": {"tier": "open"}})
    body = {**AFFIRMED, "change_note": "Lost with the rest."}
    key, tag = draft.json()["id"], draft["ETag"]
    assert steward.post(f"{key}/submit/", body, tag=tag).json()["code"] == "record-incomplete"
    kept = Proposal.objects.get(pk=key)
    assert (kept.change_note, kept.revision) == ("", 1)
    assert BASE in draft["Location"]
