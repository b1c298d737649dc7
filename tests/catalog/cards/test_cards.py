"""Cards and citations of entries whose stewards wrote hostile texts, read back by others' parsers."""

import json
from pathlib import Path

import bibtexparser
import pytest
import rispy
import yaml
from django.test import Client
from huggingface_hub import DatasetCard
from jsonschema import Draft7Validator

from catalog.cards.card import card_of
from catalog.cards.citation_formats import FORMATS
from catalog.cards.front_matter import size_category
from catalog.cards.hub_licences import hub_licence
from catalog.cards.markdown import write_markdown
from catalog.members.models import Role
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from tests.catalog.cards.hostile import HOSTILE
from tests.factories import make_dataset, make_next_version, make_person

SCHEMA = Path(__file__).parents[2] / "vendor/cffconvert/2.0.0/cff-1.2.0.schema.json"
VALID = Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


def card(**changes):
    return card_of(make_dataset(**changes).newest, ANONYMOUS)


def hostile_card(text):
    return card(
        title={"en": f"T {text}"}, summary={"en": text}, origin=text, creators=[{"name": f"A {text}"}]
    )


@pytest.mark.django_db
def test_the_hub_reads_the_front_matter():
    data = DatasetCard(write_markdown(card(languages=["vi", "pt-BR"], texts={"vi": b"a\n"}))).data
    assert (data.language, data.license, data.pretty_name) == (
        ["vi", "pt"],
        "cc-by-4.0",
        "Declarations in Vietnamese",
    )
    assert data.size_categories == ["n<1K"]
    assert data.task_categories == ["text-generation"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_change_nothing_in_the_front_matter(text):
    data = DatasetCard(write_markdown(hostile_card(text))).data
    assert data.license == "cc-by-4.0"
    assert data.pretty_name == " ".join(f"T {text}".replace("\x07", "").split())


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_make_no_second_citation(text):
    citation = hostile_card(text).citation
    library = bibtexparser.parse_string(FORMATS["bib"].write(citation))
    assert (len(library.entries), library.failed_blocks) == (1, [])
    assert library.entries[0].entry_type == "dataset"
    assert len(rispy.loads(FORMATS["ris"].write(citation))) == 1
    assert json.loads(FORMATS["json"].write(citation))[0]["title"] == citation.title
    document = yaml.safe_load(FORMATS["cff"].write(citation))
    assert list(VALID.iter_errors(document)) == []


@pytest.mark.django_db
def test_all_formats_name_the_same_version_by_its_digest():
    citation = card(creators=[{"name": "Đỗ An", "address": "https://orcid.org/0000-0002-1825-0097"}]).citation
    written = {ending: each.write(citation) for ending, each in FORMATS.items()}
    assert all(f"sha256:{citation.digest}" in text for text in written.values())
    assert all("Đỗ An" in text for text in written.values())
    assert rispy.loads(written["ris"])[0]["year"] == str(citation.published.year)


@pytest.mark.django_db
def test_without_creators_the_member_is_cited():
    found = card()
    assert [author.name for author in found.citation.authors] == [found.version.dataset.member.name]


@pytest.mark.django_db
def test_outsiders_get_no_more_on_a_card_than_on_a_page():
    dataset = make_dataset(Tier.TRAIN_ONLY, creators=[{"name": "Hidden Author"}])
    outside, inside = Client(), Client()
    inside.force_login(make_person("elsewhere", Role.RESEARCHER))
    for path in ("card/", "card.md", "citation.bib"):
        address = f"{dataset.get_absolute_url()}{path}"
        assert "Hidden Author" not in outside.get(address).content.decode()
        assert "Hidden Author" in inside.get(address).content.decode()


@pytest.mark.django_db
def test_inv_6_a_private_entry_has_no_card_for_others():
    dataset = make_dataset(Tier.PRIVATE)
    for path in ("card/", "card.md", "citation.ris", "compare/"):
        assert Client().get(f"{dataset.get_absolute_url()}{path}").status_code == 404
    owner = Client()
    owner.force_login(make_person(dataset.member, Role.RESEARCHER))
    for path in ("card/", "card.md", "citation.cff", "compare/"):
        assert owner.get(f"{dataset.get_absolute_url()}{path}").status_code == 200


@pytest.mark.django_db
def test_files_have_a_type_a_name_and_a_version():
    dataset = make_next_version(make_dataset(slug="cloth"))
    answer = Client().get("/datasets/cloth/citation.bib?version=1")
    assert answer["Content-Type"].startswith("application/x-bibtex")
    assert answer["Content-Disposition"] == 'attachment; filename="cloth-v1.bib"'
    assert Client().get(f"{dataset.get_absolute_url()}card.md?version=9").status_code == 404


@pytest.mark.django_db
def test_the_api_gives_card_and_citations():
    dataset = make_dataset()
    told = Client().get(f"/api/v1/datasets/{dataset.slug}/card/").json()
    assert told["citations"].keys() == {"bib", "ris", "json", "cff"}
    assert told["markdown"].startswith("---\n")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("CC0-1.0", "cc0-1.0"),
        ("ODbL-1.0", "odbl"),
        ("unknown", "unknown"),
        ("MIT OR Apache-2.0", "other"),
        ("LicenseRef-village", "other"),
        ("GPL-3.0-only", "gpl-3.0"),
    ],
)
def test_licences_get_the_hubs_ids(expression, expected):
    assert hub_licence(expression) == expected


@pytest.mark.parametrize(("records", "word"), [(0, ""), (999, "n<1K"), (1000, "1K<n<10K"), (10**13, "n>1T")])
def test_sizes_get_the_hubs_words(records, word):
    assert size_category(records) == word
