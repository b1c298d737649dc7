"""What we publish, we read back: title, languages, licence and themes are the same."""

import gzip
import json
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest
from django.test import Client

from catalog.datasets.record import DatasetRecord
from catalog.intake.readers import Kind, read_all
from provenance.errors import Invalid
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture
def entry(settings, tmp_path):
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    return make_dataset(
        title={"en": "Declarations in Vietnamese", "vi": "Tuyên ngôn bằng tiếng Việt"},
        summary={"en": "One declaration, sentence by sentence, in the languages of the delta."},
        licence="CC-BY-SA-4.0",
        themes=["EDUC", "JUST"],
        keywords=["rights"],
    )


def published(entry, ending):
    answer = Client().get(f"/datasets/{entry.slug}{ending}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return read_all(content, media_type=answer["Content-Type"])


def test_our_dcat_says_what_the_record_says(entry):
    reading = published(entry, ".jsonld")
    record, held = reading.chosen().made.record, entry.newest.record
    assert reading.kind == Kind.DCAT
    for name in (
        "title",
        "summary",
        "description",
        "languages",
        "licence",
        "themes",
        "keywords",
        "artifact_type",
    ):
        assert record[name] == held[name], name
    assert (record["modality"], record["represents"], record["origin"]) == (
        held["modality"],
        held["represents"],
        held["origin"],
    )


def test_our_card_says_what_the_record_says(entry):
    reading = published(entry, "/card.md")
    record, held = reading.chosen().made.record, entry.newest.record
    assert reading.kind == Kind.CARD
    assert record["title"]["en"] == held["title"]["en"]
    assert (record["languages"], record["licence"]) == (held["languages"], held["licence"])
    assert record["modality"] == held["modality"]


def test_what_was_read_of_ours_lacks_only_what_people_decide(entry):
    record = published(entry, ".jsonld").chosen().made.record
    decided = ("tier", "permitted_stages", "affirmed", "personal_data")
    DatasetRecord.model_validate(record | {name: entry.newest.record[name] for name in decided})


def test_the_catalog_as_a_whole_is_read_entry_by_entry(entry):
    answer = Client().get("/catalog.jsonld")
    keys = [each.key for each in read_all(answer.content).candidates]
    assert any(key.endswith(f"/datasets/{entry.slug}/") for key in keys)


@pytest.mark.skipif(not (SHARED / "conformance/dsp").is_dir(), reason="no conformance data here")
@pytest.mark.parametrize("name", ["catalog.json", "dataset.json"])
def test_a_dataspace_catalog_is_read_or_refused(name):
    content = (SHARED / "conformance/dsp/catalog/example" / name).read_bytes()
    with suppress(Invalid):
        assert read_all(content).candidates


@pytest.mark.skipif(not (SHARED / "data/otdi.jsonl.gz").is_file(), reason="no real descriptions here")
def test_real_descriptions_as_croissant_and_as_cards():
    """Texts of strangers, put into both forms: read without a fault, and markup of none of them is kept."""
    with gzip.open(SHARED / "data/otdi.jsonl.gz") as lines:
        for line in islice(lines, 0, 25_000, 250):
            said = json.loads(line)
            document = {
                "@context": "https://schema.org/",
                "@type": "Dataset",
                "name": said["name"],
                "description": said.get("description") or "",
                "license": said.get("license") or "",
                "url": said["url"],
            }
            record = read_all(json.dumps(document).encode()).chosen().made.record
            assert "<div" not in json.dumps(record)
            body = (said.get("description") or "").replace("\x00", "")
            assert (
                read_all(f"---\nlicense: mit\n---\n# A\n\n{body}".encode()).chosen().made.record["licence"]
                == "MIT"
            )
