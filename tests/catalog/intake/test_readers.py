"""What descriptions in the wild state becomes answers; what they do not state stays open and is told."""

import json
from pathlib import Path

import pytest

from catalog.intake.readers import Kind, read_all, read_description
from provenance.errors import Invalid

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "descriptions"


def read(name, **options):
    return read_description((FOLDER / name).read_bytes(), name=name, **options)


def test_croissant_with_responsible_ai():
    made = read("croissant.json")
    record = made.record
    assert record["title"] == {"en": "Letters of the delta"}
    assert record["description"] == {"en": "Letters of farmers, one a line. Collected by their writers."}
    assert (record["licence"], record["languages"], record["regions"]) == ("CC-BY-4.0", ["vi", "fr"], ["VN"])
    assert record["creators"] == [{"name": "Delta Archive", "address": "https://archive.example.org"}]
    assert (record["size"], record["located_at"]) == ({"bytes": 12000}, "https://data.example.org/letters")
    assert record["temporal"] == {"start": "1990-01-01", "end": "1999-05-31"}
    assert record["collection"] == {
        "methods": ["survey"],
        "period": {"start": "2020-01-01", "end": "2020-12-31"},
    }
    assert record["quality"] == {"known_bias": "Elderly writers.", "limits": "Few women."}
    assert made.unknown["languages"] == "Klingonish"
    assert made.unknown["personal_data"] == "Gender"
    assert made.suggested == {"contact": "Delta Press"}


def test_dcat_in_turtle():
    made = read("dcat.ttl", dataset="https://data.example.org/d/census")
    record = made.record
    assert record["title"] == {"en": "Census", "fr": "Recensement"}
    assert (record["themes"], record["languages"], record["regions"]) == (["SOCI"], ["fr"], ["VN"])
    assert (record["licence"], record["size"]) == ("CC-BY-4.0", {"bytes": 1200})
    assert record["contact"] == {"name": "Desk", "email": "desk@example.org", "role": ""}
    assert record["temporal"] == {"start": "2020-01-01"}
    assert record["origin"] == "Counted at the doors."
    assert made.unknown["themes"] == "http://eurovoc.europa.eu/1"


def test_an_access_right_is_never_taken_over_as_a_tier():
    made = read("dcat.ttl", dataset="https://data.example.org/d/census")
    assert "tier" not in made.record
    assert made.suggested["tier"] == "open"


def test_of_several_datasets_one_must_be_chosen():
    with pytest.raises(Invalid) as refused:
        read("dcat.ttl")
    assert refused.value.code == "description-several"
    with pytest.raises(Invalid) as refused:
        read("dcat.ttl", dataset="https://data.example.org/d/nothing")
    assert refused.value.code == "description-no-such-dataset"


def test_differing_licences_of_the_files_are_no_licence():
    made = read("dcat.ttl", dataset="https://data.example.org/d/two-licences")
    assert made.record["licence"] == "unknown"
    assert "CC_BY_4_0" in made.unknown["licence"]
    assert "rights" not in made.record


def test_a_card_with_sections():
    made = read("card.md")
    record = made.record
    assert record["title"] == {"en": "Letters of the delta"}
    assert record["summary"] == {"en": "Letters that farmers of the delta wrote to each other, one a line."}
    assert (record["licence"], record["modality"], record["themes"]) == ("CC-BY-SA-4.0", "text", ["AGRI"])
    assert record["languages"] == ["no", "pt-BR"]
    assert record["keywords"] == ["letters", "agriculture", "1,000 to 10,000 records"]
    assert record["origin"] == "Letters that people brought to the archive."
    assert made.unknown["personal_data"] == "Names of the writers are in it."
    assert made.unknown["sources"] == "extended|other"
    assert "quality" not in record


def test_a_card_that_names_no_licence_gets_none():
    made = read_description(b"---\nlicense: other\n---\n# A\n\nText.\n")
    assert "licence" not in made.record
    assert made.unknown["licence"] == "other"


@pytest.mark.parametrize("name", ["cc", "bsd", "openrail", "some licence of ours"])
def test_a_licence_without_a_version_stays_unknown(name):
    made = read_description(f"---\nlicense: {name}\n---\n# A\n".encode())
    assert made.record["licence"] == "unknown"
    assert made.unknown["licence"] == name


def test_nothing_is_answered_that_only_a_person_decides():
    for name in ("croissant.json", "card.md"):
        assert not {"tier", "permitted_stages", "affirmed", "personal_data"} & read(name).record.keys()


def test_a_context_that_lies_elsewhere_is_never_fetched(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("somebody was called"))
    document = {"@context": "https://schema.org/", "@type": "Dataset", "name": "A", "license": "mit"}
    assert read_all(json.dumps(document).encode()).kind == Kind.SCHEMA
    document = {"@context": "https://example.org/c.jsonld", "@type": "dcat:Dataset", "dct:title": "B"}
    assert read_description(json.dumps(document).encode()).record["title"] == {"und": "B"}


def test_words_that_only_an_unknown_context_explains_are_refused_with_a_remedy():
    document = {"@context": "https://example.org/c.jsonld", "@type": "Dataset", "title": "B"}
    with pytest.raises(Invalid) as refused:
        read_description(json.dumps(document).encode())
    assert refused.value.code == "description-without-dataset"
    assert "context" in refused.value.remedy


@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("https://spdx.org/licenses/Apache-2.0.html", "Apache-2.0"),
        ("http://creativecommons.org/licenses/by-nc/3.0/legalcode", "CC-BY-NC-3.0"),
        ("https://creativecommons.org/licenses/by/3.0/us/", "CC-BY-3.0-US"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://example.org/our-terms", "unknown"),
        ("https://spdx.org/licenses/Nothing-1.0", "unknown"),
    ],
)
def test_addresses_of_licences(address, licence):
    document = {"@context": "https://schema.org/", "@type": "Dataset", "name": "A", "license": address}
    assert read_description(json.dumps(document).encode()).record["licence"] == licence
