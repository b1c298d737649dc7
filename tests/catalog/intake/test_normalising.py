"""What is made of strangers' descriptions, and what is not made up."""

import json

import pytest

from catalog.datasets.record import DatasetRecord
from catalog.intake.descriptions import Description, LineRefused, lines_of, read_line
from catalog.intake.languages import tags_of
from catalog.intake.licences import licence_named, rights_of
from catalog.intake.normalising import Lister, normalise
from catalog.intake.plain import plain, summary_of
from catalog.vocabularies.loading import SHIPPED
from catalog.vocabularies.reading import terms_of

pytestmark = pytest.mark.django_db
SHIPPED_LICENCES = json.loads((SHIPPED / "permissive-licence.json").read_text("utf-8"))
PERMISSIVE = [term["code"] for term in SHIPPED_LICENCES["terms"]]
LISTER = Lister(name="An", email="an@example.org", source="a list")
FULL = {
    "name": "Letters_of_the_delta",
    "url": "https://data.example/letters",
    "description": "<p>Letters of <b>farmers</b>, one a line.</p> Collected [here](https://x.example).",
    "creator": "Delta Archive",
    "creator_url": "https://delta.example/",
    "license": "Creative Commons Attribution 4.0 International Public License",
    "keywords": ["Text", "1K - 10K", "Vietnamese", "agriculture"],
    "categories": {"language": ["french"], "domain": ["agriculture"], "modality": ["finetuning"]},
}


def made(**changes):
    return normalise(Description.model_validate({**FULL, **changes}), LISTER)


def test_a_full_description_becomes_a_record_that_lacks_nothing():
    record = DatasetRecord.model_validate(made().record)
    assert (record.licence, record.modality, record.artifact_type) == ("CC-BY-4.0", "text", "sft")
    assert (record.languages, record.themes) == (["fr", "vi"], ["AGRI"])
    assert record.description["en"] == "Letters of farmers, one a line.\nCollected here."
    assert record.located_at == FULL["url"]
    assert "not owned" in record.origin


def test_what_is_not_said_is_unknown_and_reported_as_such():
    bare = made(description="", creator="", license="", keywords=[], categories={})
    record = DatasetRecord.model_validate(bare.record)
    assert (record.licence, record.modality, record.artifact_type) == ("unknown", "unknown", "unknown")
    assert (record.languages, record.personal_data) == (["und"], "unknown")
    assert set(record.rights.model_dump().values()) == {"unknown"}
    assert {"licence", "languages", "themes", "creators", "description", "rights"} <= bare.unknown.keys()


@pytest.mark.parametrize("code", PERMISSIVE)
def test_each_of_the_initiative_s_licences_is_known_by_id_and_by_name(code):
    term = terms_of("permissive-licence")[code]
    for name in (code, *term.properties["names"], term.labels["en"].upper()):
        assert licence_named(name) == code
    assert rights_of(code)["model_training"] is True


def test_there_are_nineteen_of_them():
    assert len(PERMISSIVE) == 19


@pytest.mark.parametrize(
    "name", ["", "other", "Permissive", "MIT-ish", "cc", "free for research", "x" * 5000]
)
def test_no_name_is_rounded_up_to_a_licence(name):
    assert licence_named(name) == "unknown"


@pytest.mark.parametrize(
    ("licence", "commercial", "training"),
    [
        ("CC-BY-NC-4.0", False, True),
        ("CC-BY-ND-4.0", True, "unknown"),
        ("LicenseRef-x", "unknown", "unknown"),
    ],
)
def test_rights_say_what_the_licence_s_text_says(licence, commercial, training):
    rights = rights_of(licence_named(licence))
    assert (rights["commercial_use"], rights["model_training"]) == (commercial, training)


@pytest.mark.parametrize(
    ("words", "tags", "strange"),
    [
        (["scottish_gaelic", "vi", "norwegian bokmål"], ["gd", "vi", "nb"], []),
        (["luo_kenya_and_tanzania_", "cwi_bwamu"], ["luo"], ["cwi_bwamu"]),
    ],
)
def test_languages_are_known_by_name_and_by_tag(words, tags, strange):
    assert tags_of(words, ["it", "ml"]) == (tags, strange)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<script>alert(1)</script>Hello", "Hello"),
        ("# Title\n\n* one\n* two", "Title\n\none\ntwo"),
        ("![a picture](https://x/y.png) and `code`", "a picture and code"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<p>unclosed <b", "unclosed"),
        ("nul\0 and \ud800 surrogate", "nul and surrogate"),
    ],
)
def test_markup_becomes_plain_text(markup, text):
    assert plain(markup) == text


def test_long_texts_are_cut_at_a_word_and_say_so():
    assert len(plain("word " * 10_000)) <= 10_000
    assert plain("word " * 10_000).endswith("word…")
    assert summary_of("One. Two. " + "x" * 400) == "One. Two."


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"name": "x"}', b'{"name": 1, "url": "u"}', b"x" * 1_000_001]
)
def test_a_line_that_is_no_description_says_why(line):
    with pytest.raises(LineRefused, match=r"\w+"):
        read_line(line)


def test_a_giant_line_takes_no_other_with_it(tmp_path):
    file = tmp_path / "list.jsonl"
    file.write_bytes(b"x" * 3_000_000 + b"\nlast\n")
    assert [(number, len(line)) for number, line in lines_of(file)] == [(1, 1_000_001), (2, 5)]
