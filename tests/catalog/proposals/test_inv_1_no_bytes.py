"""INV-1: no byte of local-only or private data reaches the coordinator, whichever door is tried."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.datasets.models import DatasetFile
from catalog.members.models import Role
from catalog.proposals.checks import check_record
from catalog.proposals.services import attach_pointers, attach_upload, start_proposal
from provenance.blobs import get_store
from provenance.errors import Invalid
from tests.factories import complete_record, make_actor, make_dataset, make_draft, make_member, pointer

pytestmark = pytest.mark.django_db
CLOSED = ["local-only", "private"]
# PostgreSQL names the first rule in the order of their names.
REFUSED = dict.fromkeys(CLOSED, "inv_1_no_bytes_of_local_or_private")


@pytest.mark.parametrize("tier", [*CLOSED, None])
def test_inv_1_the_service_refuses_before_it_reads_a_byte(tier):
    member = make_member()
    actor = make_actor(member, Role.STEWARD)
    record = complete_record(tier) if tier else {}
    draft = start_proposal(actor=actor, member=member, record=record)
    chunks = iter([b"a secret text"])
    with pytest.raises(Invalid) as refused:
        attach_upload(actor=actor, proposal=draft, path="a.txt", language="vi", chunks=chunks)
    assert (refused.value.code, next(chunks)) == ("bytes-not-accepted", b"a secret text")
    assert "INV-1" in refused.value.requirement
    assert refused.value.remedy


def test_inv_1_nothing_lies_in_the_store_after_a_refusal():
    text = b"known to nobody else"
    actor, draft = make_draft("local-only")
    with pytest.raises(Invalid):
        attach_upload(actor=actor, proposal=draft, path="a.txt", language="vi", chunks=[text])
    assert not get_store().exists(hashlib.sha256(text).hexdigest())


def test_inv_1_a_local_only_entry_is_published_without_bytes():
    dataset = make_dataset("local-only", texts={"vi": b"stays at home"})
    file = dataset.newest.files.get()
    assert file.storage == "pointer"
    assert not get_store().exists(file.sha256)


def test_inv_1_of_private_files_not_even_pointers_are_taken():
    actor, draft = make_draft("private")
    with pytest.raises(Invalid) as refused:
        attach_pointers(actor=actor, proposal=draft, manifest=[pointer("court/names of people.txt")])
    assert refused.value.code == "pointers-not-accepted"
    assert "Seal" in refused.value.remedy


def test_inv_1_the_check_blocks_a_record_whose_files_do_not_fit_its_tier():
    files = [{"path": "a.txt", "storage": "blob", "language": "vi"}]
    codes = [finding.code for finding in check_record(complete_record("local-only"), files)]
    assert "files-forbid-tier" in codes


@pytest.mark.parametrize("tier", CLOSED)
def test_inv_1_the_database_refuses_a_stored_file_of_a_closed_tier(tier):
    version = make_dataset(tier).newest
    with pytest.raises(IntegrityError, match=REFUSED[tier]), transaction.atomic():
        insert_blob(version.pk, tier)


@pytest.mark.parametrize("tier", CLOSED)
def test_inv_1_the_database_refuses_a_file_that_lies_about_its_tier(tier):
    version = make_dataset(tier).newest
    with pytest.raises(IntegrityError, match="file_has_the_tier_of_its_version"), transaction.atomic():
        insert_blob(version.pk, "open")


def test_inv_1_the_database_refuses_even_a_pointer_to_a_private_file():
    version = make_dataset("private").newest
    with pytest.raises(IntegrityError, match="private_files_are_not_here"), transaction.atomic():
        DatasetFile.objects.create(
            version=version, tier="private", storage="pointer", path="b", sha256="0" * 64, bytes=1
        )


def insert_blob(version_id, tier):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_datasetfile"
            " (version_id, tier, storage, path, sha256, bytes, records, language, media_type)"
            " VALUES (%s, %s, 'blob', 'sneaked.txt', %s, 1, 0, '', 'text/plain')",
            [version_id, tier, "0" * 64],
        )
