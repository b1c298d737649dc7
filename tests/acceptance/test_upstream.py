"""Upstream's six acceptance tests, by name (FIELD.md §3): real services, the real API, signed requests."""

import json

import pytest
from django.test import Client

from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from catalog.policy.replay import decide_again
from provenance.errors import Invalid
from provenance.events.models import Event
from provenance.signing.canonical import digest
from tests.factories import make_actor, make_dataset, make_member, make_person, make_submitted
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.grants.conftest import GRANTS, code_of, manifest, read
from training.grants.models import DataGrant
from training.jobs.manifests import manifest_in
from training.manifest.parts import Access
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db
TEXT = b"un deux trois\n"


def signed_in(member, role) -> Client:
    client = Client()
    client.force_login(make_person(member, role))
    return client


def test_an_allowed_open_data_request():
    dataset, node = make_dataset("open", texts={"fr": TEXT}), SigningNode()
    answer = node.post(GRANTS, manifest(dataset))
    assert answer.status_code == 201
    file = answer.json()["files"][0]
    response = node.get(file["url"])
    assert (response.status_code, read(response)) == (200, TEXT)
    decided = Event.objects.get(uuid=DataGrant.objects.get().decision)
    again = decide_again(decided)
    assert (decided.outcome, decided.policy_version, again.allowed) == ("allowed", again.policy_version, True)
    sent = Event.objects.get(action="data.read")
    assert (sent.actor, sent.member) == (node.key.did, node.node.member.slug)
    assert (sent.artifact, sent.details["bytes"]) == (dataset.newest.digest, len(TEXT))


def test_a_denied_purpose_mismatch():
    dataset, node = make_dataset("open", permitted_stages=["evaluation"]), SigningNode()
    answer = node.post(GRANTS, manifest(dataset, purpose="contributed-cpt"))
    assert code_of(answer) == (403, "stage-not-permitted")
    assert not DataGrant.objects.exists()
    denied = Event.objects.get(action="access.serve-to-node")
    assert (denied.outcome, denied.purpose, denied.reason_codes) == (
        "denied",
        "contributed-cpt",
        ["stage-not-permitted"],
    )
    assert decide_again(denied).reason_codes == ("stage-not-permitted",)
    # A grant is for one purpose: what evaluation may have, training does not get by it.
    assert node.post(GRANTS, manifest(dataset, purpose="evaluation")).status_code == 201
    assert DataGrant.objects.get().purpose == "evaluation"


def test_a_local_only_dispatch():
    owner = make_member()
    dataset = make_dataset("local-only", member=owner)
    make_dataset("open", texts={"fr": TEXT})
    own, other, abroad = SigningNode(owner), SigningNode(), SigningNode(owner, place="FR")
    round_ = make_round()
    advance(round_.pk)
    used = {
        name: {version.dataset for version in manifest_in(node.job(round_)).inputs}
        for name, node in {"own": own, "other": other, "abroad": abroad}.items()
    }
    assert dataset.slug in used["own"]
    assert dataset.slug not in used["other"] | used["abroad"]
    [local] = [part for part in manifest_in(own.job(round_)).inputs if part.dataset == dataset.slug]
    assert {file.access for file in local.files} == {Access.LOCAL}
    assert own.claim(own.job(round_)).status_code == 200
    path = f"/api/v1/jobs/{own.job(round_).pk}/inputs/{local.files[0].sha256}"
    assert own.get(path).status_code == 404
    assert code_of(own.post(GRANTS, manifest(dataset))) == (403, "tier-forbids-download")


def test_a_restriction_preserving_transformation():
    owner = make_member()
    source = make_dataset("train-only", member=owner)
    pinned = {"sources": [{"dataset": source.slug, "version": 1}], "member": owner}
    with pytest.raises(Invalid) as refused:
        make_submitted("open", **pinned)
    assert refused.value.code == "record-incomplete"
    assert "tier" in refused.value.fields
    kept = make_dataset("train-only", **pinned)
    assert kept.newest.record["sources"] == pinned["sources"]
    # The same on the way to a node: what it promises to make is as strict as what it reads.
    node = SigningNode(owner)
    weaker = manifest(source, output={"tier": "open", "licence": "CC-BY-4.0"})
    assert code_of(node.post(GRANTS, weaker)) == (403, "weaker-output")
    assert node.post(GRANTS, manifest(source)).status_code == 201


def test_a_visibility_filtered_audit_export():
    owner, another = make_member(), make_member()
    private = make_dataset("private", member=owner)
    make_dataset("open")
    before = list(Event.objects.order_by("pk").values_list("digest", flat=True))
    exports = {
        name: b"".join(client.get("/log/export.jsonl").streaming_content).decode()
        for name, client in {
            "nobody": Client(),
            "another": signed_in(another, Role.MAINTAINER),
            "owner": signed_in(owner, Role.STEWARD),
        }.items()
    }
    version = private.newest.digest
    assert [name for name, text in exports.items() if private.slug in text or version in text] == ["owner"]
    for text in exports.values():
        _header, *events, end = map(json.loads, text.splitlines())
        assert all(digest(event["content"]) == event["digest"] for event in events)
        assert end["events"] == len(events)
    assert list(Event.objects.order_by("pk").values_list("digest", flat=True))[: len(before)] == before


def test_a_withdrawal_impact_report():
    dataset = make_dataset("open", texts={"fr": TEXT})
    child = make_dataset("open", sources=[{"dataset": dataset.slug, "version": 1}])
    reader, worker = SigningNode(), SigningNode()
    granted = reader.post(GRANTS, manifest(dataset)).json()["files"][0]["url"]
    read(reader.get(granted))
    round_ = make_round()
    advance(round_.pk)
    withdraw_dataset(
        actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason="consent revoked"
    )
    assert code_of(reader.get(granted)) == (403, "version-withdrawn")
    assert code_of(reader.post(GRANTS, manifest(dataset))) == (403, "version-withdrawn")
    path = f"/api/v1/datasets/{dataset.slug}/withdrawal/"
    told = signed_in(dataset.member, Role.STEWARD).get(path).json()
    tasks = {task["subject"]: (task["action"], task["member"]) for task in told["tasks"]}
    assert tasks[f"job:{worker.job(round_).pk}"] == ("stop", worker.node.member.slug)
    assert tasks[f"node:{reader.node.slug}"] == ("delete", reader.node.member.slug)
    assert tasks[f"dataset:{child.slug}"] == ("review", child.member.slug)
    assert (told["grants_revoked"], told["stored_files"]) == (1, 1)
    assert worker.job(round_).state == "cancelled"
    assert Client().get(path).json()["tasks"] == []
