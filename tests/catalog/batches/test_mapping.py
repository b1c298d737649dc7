"""Headings as people write them, and the values under them."""

import pytest

from catalog.batches.converting import read_cell
from catalog.batches.faults import Unreadable
from catalog.batches.fields import FIELDS
from catalog.batches.headings import path_of_heading
from catalog.batches.mapping import check_columns, guess_columns
from catalog.batches.privacy import says_private
from provenance.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("title_en", "title.en"),
        ("title[fr]", "title.fr"),
        ("Title (Vietnamese)", "title.vi"),
        ("Description in French", "description.fr"),
        ("title pt-BR", "title.pt-BR"),
        ("Titre", "title.fr"),
        ("datasetName", "title"),
        ("Dataset license", "licence"),
        ("rights.commercial_use", "rights.commercial_use"),
        ("Primary contact email", "contact.email"),
        ("Langues", "languages"),
        ("Record ID", ""),
        ("Create Date", ""),
        ("title klingonish", ""),
    ],
)
def test_a_heading_is_recognised(heading, path):
    assert path_of_heading(heading) == path


def test_every_path_of_our_own_is_a_heading_too():
    assert {path: path_of_heading(path) for path in FIELDS} == {path: path for path in FIELDS}


def test_of_two_columns_for_one_answer_the_first_is_guessed():
    assert guess_columns(["URL", "Link", "Tags", "Keywords"]) == [
        ("URL", "located_at"),
        ("Link", ""),
        ("Tags", "keywords"),
        ("Keywords", "keywords"),
    ]


def test_a_name_beside_the_name_of_a_dataset_is_a_person():
    assert guess_columns(["Name", "Dataset name"]) == [("Name", "contact.name"), ("Dataset name", "title")]


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"x": "title"}, "column-unknown"),
        ({"a": "shares"}, "path-unknown"),
        ({"a": "title.not a tag"}, "path-unknown"),
        ({"a": "tier", "b": "tier"}, "path-twice"),
    ],
)
def test_columns_that_can_not_be_are_refused(chosen, code):
    with pytest.raises(Invalid) as refused:
        check_columns(["a", "b"], chosen)
    assert (refused.value.code, len(refused.value.fields)) == (code, 1)


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("languages", "Vietnamese; français; English", ["vi", "fr", "en"]),
        ("languages", "pt-br", ["pt-BR"]),
        ("licence", "cc-by-4.0", "CC-BY-4.0"),
        ("licence", "not stated", "unknown"),
        ("themes", "Economy and finance", ["ECON"]),
        ("themes", "education;legal", ["EDUC", "JUST"]),
        ("modality", "speech", "audio"),
        ("permitted_stages", "Pre-training;cpt", ["pretraining", "cpt"]),
        ("rights.attribution", "có", True),
        ("rights.attribution", "Nein", False),
        ("rights.attribution", "n/a", "unknown"),
        ("residency.storage", "Viet Nam; Vietnam; KH", None),
        ("residency.storage", "Vietnam; KH", ["VN", "KH"]),
        ("embargo_until", "31.12.2030", "2030-12-31"),
        ("embargo_until", "2030-12-31 10:00", "2030-12-31"),
        ("embargo_until", "December 31, 2030", "2030-12-31"),
        ("embargo_until", "1709564520000", "2024-03-04"),
        ("embargo_until", "12/31/2030", "2030-12-31"),
        ("embargo_until", "31.02.2030", None),
        ("size.bytes", "1,234,567", 1_234_567),
        ("size.bytes", "12 MB", None),
        ("quality.score", "85 %", 0.85),
        ("quality.score", "85", None),
        (
            "creators",
            "An <https://a.example>; B",
            [{"name": "An", "address": "https://a.example"}, {"name": "B", "address": None}],
        ),
        ("tier", "restricted", "train-only"),
        ("located_at", "javascript:alert(1)", None),
        ("contact.email", "an@example.org", "an@example.org"),
        ("origin", "<script>alert(1)</script>", None),
        ("origin", "a < b", "a < b"),
    ],
)
def test_a_cell_becomes_what_the_record_stores_or_a_fault(path, text, value):
    if value is None:
        with pytest.raises(Unreadable):
            read_cell(FIELDS[path], text)
    else:
        assert read_cell(FIELDS[path], text) == value


def test_every_example_can_be_read():
    for field in FIELDS.values():
        assert not field.example or read_cell(field, field.example)


@pytest.mark.parametrize("heading", ["Data tier", "access", "Visibility", "Confidentiality level"])
@pytest.mark.parametrize("word", ["private", "Participant-private", " NON_PUBLIC ", "red"])
def test_inv_1_a_row_that_says_it_is_private_is_told_by_heading_or_column(heading, word):
    assert says_private([(heading, "")], {heading: word})
    assert says_private([("x", "tier")], {"x": word})
    assert not says_private([("kind of owner", "")], {"kind of owner": word})
