"""INV-1 for private data: one commitment is all that the database holds, whoever writes to it."""

import os
import subprocess

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.proposals.models import Proposal
from provenance.lineage.models import Artifact
from tapestry.embedded.postgres import binaries
from tests.factories import TEXT, complete_record, make_dataset, make_draft

pytestmark = pytest.mark.django_db
WORDS = {"title": {"en": "Letters of a secret court"}, "summary": {"en": "What its clerks wrote down"}}
OPTIONS = (("host", "host"), ("port", "port"), ("username", "user"))
KNOWN = {"dataset", "version", "member", "tier", "upstreamTier", "commitment", "statement"}


def refused_as(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", '{"en": "Letters"}'),
        ("summary", '{"en": "Letters"}'),
        ("artifact_type", "raw"),
        ("modality", "text"),
        ("themes", "{EDUC}"),
        ("languages", "{vi}"),
        ("licence", "MIT"),
        ("bytes", "1"),
    ],
)
def test_inv_1_the_database_refuses_a_described_private_entry(column, value):
    dataset = make_dataset("private")
    with refused_as("dataset_private_is_not_described"), transaction.atomic(), connection.cursor() as cursor:
        update = f"UPDATE catalog_dataset SET {column} = %s WHERE id = %s"  # noqa: S608 - from the list above
        cursor.execute(update, [value, dataset.pk])


def test_inv_1_the_database_refuses_to_relabel_an_entry_as_private():
    dataset = make_dataset("open")
    with refused_as("dataset_private_is_not_described"), transaction.atomic():
        Dataset.objects.filter(pk=dataset.pk).update(tier="private", audience="member:x")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"bytes": 1}, "version_private_is_not_described"),
        ({"records": 1}, "version_private_is_not_described"),
        ({"languages": [{"tag": "vi", "share": 1}]}, "version_private_is_not_described"),
        ({"change_note": "New letters"}, "version_private_is_not_described"),
        ({"record": complete_record("private")}, "datasetversion_private_record_is_sealed"),
    ],
)
def test_inv_1_the_database_refuses_a_described_private_version(change, constraint):
    known = make_dataset("private").newest
    row = {"languages": [], "bytes": 0, "records": 0, "record": known.record, **change}
    with refused_as(constraint), transaction.atomic():
        DatasetVersion.objects.create(dataset=known.dataset, number=2, digest="0" * 64, tier="private", **row)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"record": {"tier": "private", "title": {"en": "Letters"}}}, "proposal_private_record_is_sealed"),
        ({"files": [{"path": "letters.txt"}]}, "proposal_private_has_no_file"),
        ({"change_note": "New letters"}, "proposal_private_has_no_file"),
    ],
)
def test_inv_1_the_database_refuses_a_described_private_draft(change, constraint):
    _, draft = make_draft("private")
    with refused_as(constraint), transaction.atomic():
        Proposal.objects.filter(pk=draft.pk).update(**change)


def test_inv_1_the_lineage_tells_of_a_private_version_its_commitment_alone():
    version = make_dataset("private", **WORDS).newest
    snapshot = Artifact.objects.get(digest=version.digest).snapshot
    assert set(snapshot) == KNOWN
    assert snapshot["commitment"] == version.record["commitment"]


@pytest.mark.django_db(transaction=True)
def test_inv_1_a_dump_of_the_database_holds_no_word_of_a_private_record(tmp_path):
    make_dataset("private", **WORDS)
    make_dataset("open", title={"en": "Songs that anybody may read about"}, texts={"fr": b"la la\n"})
    dump = tmp_path / "dump.sql"
    place = connection.get_connection_params()
    surroundings = {**os.environ, "PGPASSWORD": str(place.get("password", ""))}
    command = [binaries() / "pg_dump", "--file", dump, "--dbname", place["dbname"]]
    command += [f"--{name}={place[key]}" for name, key in OPTIONS if place.get(key)]
    subprocess.run(command, check=True, env=surroundings)
    words = [*WORDS["title"].values(), *WORDS["summary"].values(), *TEXT.decode().splitlines()]
    assert not [word for word in words if word in dump.read_text("utf-8")]
    assert "Songs that anybody may read about" in dump.read_text("utf-8")
