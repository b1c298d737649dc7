"""What a node signed about data that stay with it: believed from an active node of the member alone."""

import copy
from datetime import UTC, datetime, timedelta

import pytest

from catalog.facts import combine, inspect_file
from catalog.inspection.describing import attach_description
from catalog.inspection.models import EntryFacts, Inspection, SketchBand
from catalog.inspection.waiting import attestation_of
from catalog.members.models import Role
from catalog.proposals.services import detach_file, save_draft, start_proposal, submit_proposal
from provenance.blobs import get_store
from provenance.errors import Invalid
from provenance.events.models import Event
from provenance.lineage.models import Statement
from provenance.signing.attestations import sign_description
from provenance.signing.keys import PrivateKey
from tests.catalog.inspection.conftest import VIETNAMESE
from tests.factories import approve, complete_record, make_actor, make_member, make_node_key, pointer
from training.nodes.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def node():
    return make_node_key(make_member("archive"))


def described(tmp_path, *, key, at=None, text=VIETNAMESE, **changes):
    """What ``tapestry-node describe`` prints of one file."""
    path = tmp_path / "vi.txt"
    path.write_bytes(text)
    listed = pointer("vi.txt", text)
    listed["mediaType"] = listed.pop("media_type")
    facts = combine([inspect_file(path, name="vi.txt", languages=["vi"])]).model_dump(mode="json")
    facts |= {"sketch": [], **changes}
    return sign_description([listed], facts=facts, key=key, at=at or datetime.now(UTC))


def draft():
    member = make_member("archive")
    actor = make_actor(member, Role.STEWARD)
    record = complete_record("local-only", languages=["vi"])
    return actor, start_proposal(actor=actor, member=member, record=record)


def refused(tmp_path, envelope):
    actor, proposal = draft()
    with pytest.raises(Invalid) as error:
        attach_description(actor=actor, proposal=proposal, envelope=envelope)
    proposal.refresh_from_db()
    assert proposal.files == []
    assert error.value.remedy
    return error.value.code


def test_the_list_is_attached_and_the_facts_wait(tmp_path, node):
    actor, proposal = draft()
    proposal = attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    assert [file["path"] for file in proposal.files] == ["vi.txt"]
    assert attestation_of(proposal).facts.records == 4
    assert not EntryFacts.objects.exists()


def test_at_publication_the_facts_are_kept_with_signer_and_statement(tmp_path, node):
    version = published(tmp_path, node)
    row = version.entry_facts.get()
    assert row.attested_by == node.did
    assert Statement.objects.get(digest=row.statement).key_ids == [node.did]
    assert Event.objects.get(action="dataset.facts-computed").details["statement"] == row.statement
    assert not SketchBand.objects.exists()
    assert not Inspection.objects.exists()


def test_a_version_with_other_files_than_were_attested_has_no_facts(tmp_path, node):
    actor, proposal = draft()
    attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    detach_file(actor=actor, proposal=proposal, path="vi.txt")
    proposal.refresh_from_db()
    assert attestation_of(proposal) is None


def test_a_tampered_description_is_refused(tmp_path, node):
    envelope = copy.deepcopy(described(tmp_path, key=node))
    payload = envelope["payload"]
    envelope["payload"] = ("B" if payload[40] != "B" else "C").join([payload[:40], payload[41:]])
    assert refused(tmp_path, envelope) == "attestation-malformed"


def test_a_node_of_another_member_and_one_that_nobody_knows_look_alike(tmp_path, node):
    foreign = make_node_key(make_member("elsewhere"))
    for key in (foreign, PrivateKey.generate()):
        assert refused(tmp_path, described(tmp_path, key=key)) == "attestation-signer-unknown"


def test_a_suspended_node_is_not_believed_then_nor_later(tmp_path, node):
    actor, proposal = draft()
    proposal = attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    Node.objects.filter(did=node.did).update(state="suspended")
    assert attestation_of(proposal) is None
    assert refused(tmp_path, described(tmp_path, key=node)) == "attestation-signer-unknown"


def test_other_bytes_than_are_attached_are_stale(tmp_path, node):
    actor, proposal = draft()
    attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    newer = described(tmp_path, key=node, text=VIETNAMESE * 2)
    with pytest.raises(Invalid) as error:
        attach_description(actor=actor, proposal=proposal, envelope=newer)
    assert error.value.code == "attestation-stale"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bytes": 1}, "attestation-contradictory"),
        ({"sketch": [1] * 128}, "attestation-with-sketch"),
        ({"rows": ["a secret"]}, "attestation-malformed"),
    ],
)
def test_facts_that_can_not_be_ours_are_refused(tmp_path, node, changes, code):
    assert refused(tmp_path, described(tmp_path, key=node, **changes)) == code


def test_a_description_from_the_future_is_refused(tmp_path, node):
    at = datetime.now(UTC) + timedelta(hours=1)
    assert refused(tmp_path, described(tmp_path, key=node, at=at)) == "attestation-from-the-future"


def test_inv_1_a_draft_that_becomes_private_leaves_no_description(tmp_path, node):
    actor, proposal = draft()
    proposal = attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    waiting = Event.objects.get(action="proposal.files-described").details["description"]
    assert get_store().exists(waiting)
    save_draft(
        actor=actor, proposal=proposal, record={"tier": "private"}, expected_revision=proposal.revision
    )
    assert not get_store().exists(waiting)
    assert not Statement.objects.filter(predicate_type__contains="description").exists()


def test_a_next_version_with_the_same_files_keeps_what_was_attested(tmp_path, node):
    first = published(tmp_path, node)
    member = make_member("archive")
    actor = make_actor(member, Role.STEWARD)
    proposal = start_proposal(actor=actor, member=member, dataset=first.dataset)
    assert attestation_of(proposal).facts.records == 4


def published(tmp_path, node):
    actor, proposal = draft()
    proposal = attach_description(actor=actor, proposal=proposal, envelope=described(tmp_path, key=node))
    proposal = submit_proposal(actor=actor, proposal=proposal)
    approve(proposal)
    proposal.refresh_from_db()
    return proposal.dataset.newest
