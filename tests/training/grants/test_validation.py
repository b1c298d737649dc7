"""The seven steps: what each refuses, with which code, and that a refusal reveals nothing (INV-6)."""

import pytest

from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.grants.conftest import GRANTS, code_of, manifest
from training.grants.models import DataGrant
from training.nodes.services import suspend_node

pytestmark = pytest.mark.django_db


def test_a_whole_request_gets_a_grant_for_what_it_names(node):
    dataset = make_dataset("open", texts={"vi": b"mot\n", "fr": b"un\n"})
    answer = node.post(GRANTS, manifest(dataset, paths=["fr.txt"])).json()
    assert [file["path"] for file in answer["files"]] == ["fr.txt"]
    grant = DataGrant.objects.get(pk=answer["id"])
    assert (grant.expires_at - grant.issued_at).total_seconds() == 900
    decided = Event.objects.get(uuid=grant.decision)
    assert (decided.action, decided.outcome) == ("access.serve-to-node", "allowed")


def test_missing_hidden_and_foreign_private_versions_look_alike(node):
    owner = SigningNode()
    private = make_dataset("private", member=owner.node.member)
    hidden = manifest(private, output={"tier": "private", "licence": "CC-BY-4.0"})
    answers = [
        node.post(GRANTS, wish)
        for wish in (hidden, {**hidden, "dataset": "nothing-of-this-name"}, {**hidden, "number": 9})
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_what_is_wrong_with_a_request_for_hidden_data_is_not_told(node):
    private = make_dataset("private")
    spoilt = {"dataset": private.slug, "number": 1, "version": "7"}
    assert node.post(GRANTS, spoilt).content == node.post(GRANTS, {**spoilt, "dataset": "no"}).content


def test_the_log_tells_of_hidden_data_no_more_than_the_answer_does(node):
    private = make_dataset("private")
    node.post(GRANTS, manifest(private))
    refused = Event.objects.get(action="grant.refused")
    assert (refused.artifact, refused.reason_codes) == ("", ["version-not-found"])
    assert refused.audience == f"member:{node.node.member.slug}"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "2"}, "manifest-version-unknown"),
        ({"version": None}, "manifest-incomplete"),
        ({"purpose": None}, "manifest-incomplete"),
        ({"place": None}, "manifest-incomplete"),
        ({"output": None}, "manifest-incomplete"),
        ({"output": {"tier": "open"}}, "manifest-incomplete"),
        ({"dataset": None}, "manifest-incomplete"),
        ({"number": None}, "manifest-incomplete"),
        ({"digest": "0" * 64}, "manifest-incomplete"),
        ({"paths": []}, "manifest-incomplete"),
        ({"paths": ["../etc/passwd"]}, "manifest-incomplete"),
        ({"whatever": 1}, "manifest-incomplete"),
        ({"paths": ["nowhere.txt"]}, "path-unknown"),
        ({"output": {"tier": "open", "licence": "MIT"}}, "weaker-licence"),
        ({"approval": "job:00000000-0000-4000-8000-000000000000"}, "approval-not-valid"),
    ],
)
def test_an_incomplete_unknown_or_weaker_manifest_is_refused(node, changes, code):
    answer = node.post(GRANTS, manifest(make_dataset("open"), **changes))
    assert answer.json()["code"] == code
    assert answer.status_code in {403, 422}
    assert Event.objects.get(action="grant.refused").reason_codes == [code]


def test_a_weaker_output_is_refused(node):
    dataset = make_dataset("train-only", member=node.node.member)
    answer = node.post(GRANTS, manifest(dataset, output={"tier": "open", "licence": "CC-BY-4.0"}))
    assert code_of(answer) == (403, "weaker-output")
    assert Event.objects.get(action="access.derive").outcome == "denied"


def test_a_conjunction_keeps_the_licence(node):
    both = {"tier": "open", "licence": "MIT AND CC-BY-4.0"}
    assert node.post(GRANTS, manifest(make_dataset("open"), output=both)).status_code == 201


def test_bytes_that_stay_on_their_node_are_never_granted(node):
    dataset = make_dataset("local-only", member=node.node.member)
    assert code_of(node.post(GRANTS, manifest(dataset))) == (403, "tier-forbids-download")


def test_shared_work_on_train_only_data_needs_its_approved_job(node):
    dataset = make_dataset("train-only")
    assert code_of(node.post(GRANTS, manifest(dataset, purpose="evaluation"))) == (403, "approval-required")


def test_a_node_speaks_for_no_other_place_than_its_own(node):
    assert code_of(node.post(GRANTS, manifest(make_dataset("open"), place="FR"))) == (403, "place-mismatch")


def test_a_version_is_also_named_by_its_digest(node):
    dataset = make_dataset("open")
    wish = manifest(dataset, number=None, digest=dataset.newest.digest)
    assert node.post(GRANTS, wish).json()["number"] == 1


def test_a_suspended_node_gets_nothing(node):
    dataset = make_dataset("open")
    suspend_node(make_maintainer(), node.node, cause="noise")
    assert code_of(node.post(GRANTS, manifest(dataset))) == (401, "node-not-active")


def test_a_body_that_is_no_object_is_refused(node):
    assert code_of(node.post(GRANTS, ["version"])) == (400, "malformed")
