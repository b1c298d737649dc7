"""Quantities, moments, languages, states and lineage rows as people read them."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from catalog.design.languages import (
    autonym,
    choose_text,
    countries_for_reader,
    language_for_reader,
    suggested_languages,
    territory_for_reader,
    text_direction,
)
from catalog.design.lineage import LineageNode, lineage_rows
from catalog.design.navigation import mark_sections
from catalog.design.quantities import human_bytes, human_moment
from catalog.design.states import read_state
from catalog.templatetags.design import language_name


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (999_999, "1.00 MB"),
        (1_250_000_000, "1.25 GB"),
        (45_600, "45.6 kB"),
    ],
)
def test_sizes_carry_three_digits_and_their_unit(count, text):
    assert human_bytes(count).replace("\u00a0", " ") == text


def test_a_size_in_an_arabic_page_is_isolated_from_its_direction():
    with translation.override("ar"):
        assert human_bytes(5).startswith("\u2066")


def test_a_moment_names_its_zone():
    moment = datetime(2026, 11, 22, 17, 44, tzinfo=UTC)
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert human_moment(moment).replace("\u00a0", " ") == "23 Nov 2026, 00:44 +07"


def test_a_moment_is_written_in_the_language_of_the_reader():
    moment = datetime(2026, 8, 2, 17, 44, tzinfo=UTC)
    with translation.override("fr"):
        assert human_moment(moment).replace("\u00a0", " ") == "2 août 2026, 17:44 UTC"


def test_languages_are_called_as_they_call_themselves():
    assert [autonym("vi"), autonym("pt-BR"), autonym("qqq"), autonym("not a tag")] == [
        "Tiếng Việt",
        "português (BR)",
        "qqq",
        "not a tag",
    ]


def test_countries_are_those_of_today_in_the_order_of_the_readers_names():
    assert len(countries_for_reader()) == 250
    with translation.override("fr"):
        found = [name for code, name in countries_for_reader() if code in {"EG", "EE", "VN", "DD"}]
    assert found == ["Égypte", "Estonie", "Viêt Nam"]


def test_direction_follows_the_script_and_not_the_language():
    assert [text_direction(tag) for tag in ("ar", "vi", "az-Arab", "az")] == ["rtl", "ltr", "rtl", "ltr"]


def test_a_reader_gets_their_language_or_its_base_or_english_or_what_there_is():
    texts = {"en": "law", "pt": "lei", "vi": ""}
    assert [choose_text(texts, wanted).tag for wanted in ("pt-BR", "vi", "ja")] == ["pt", "en", "en"]
    assert choose_text({"km": "ច្បាប់"}, "en").tag == "km"
    assert choose_text({}, "ar").text == ""


def test_an_unknown_state_is_shown_and_not_guessed():
    assert tuple(map(str, read_state("half_woven"))) == ("quiet", "Half woven")


def test_a_parent_outside_the_view_leaves_no_trace():
    seen = LineageNode(id="b", kind="Base", title="Base 7", digest="b", parents=("hidden",))
    assert lineage_rows([seen])[0].parents == ()


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/contributions/ab/", "/rounds/"),
        *(
            (path, "/checkpoints/")
            for path in ("/rollbacks/", "/derivatives/a/", "/models/ab/", "/series/a/")
        ),
    ],
)
def test_pages_without_a_section_of_their_own_belong_to_one(path, section):
    assert {each.path for each, mark in mark_sections(path) if mark} == {section}


@pytest.mark.parametrize(
    ("tag", "name"), [("qu", "Quechua"), ("pt-BR", "Portuguese"), ("qqq", ""), ("not a tag", "")]
)
def test_a_reader_learns_what_a_language_is_called_in_their_own(tag, name):
    assert language_for_reader(tag) == name


def test_each_suggested_language_has_a_name_of_its_own_and_one_for_the_reader():
    assert len(suggested_languages()) > 150
    assert [tag for tag, own in suggested_languages() if not (own and language_for_reader(tag))] == []


@pytest.mark.parametrize(
    ("code", "name"), [("PE", "بيرو"), ("XX", "XX"), ("not a code", "not a code"), ("text", "text")]
)
def test_a_country_has_the_reader_s_name_for_it(code, name):
    with translation.override("ar"):
        assert territory_for_reader(code) == name


def test_a_name_that_few_can_read_is_explained():
    assert "muted" in language_name("vi", explained=True)
    assert "muted" not in language_name("en", explained=True)


def test_only_the_section_of_the_page_is_marked():
    marks = {section.path: mark for section, mark in mark_sections("/rounds/7/")}
    assert {path for path, mark in marks.items() if mark} == {"/rounds/"}
    assert marks["/rounds/"] == "true"
