"""Two stewards of one member, each at a machine, write the same step at the same time."""

import pytest

from tests.stack.site.keyboard import Typist
from tests.stack.site.places import STEWARD
from tests.stack.site.proposing import SAVE, new_steward
from tests.stack.site.test_site_autosave import saved, says


@pytest.fixture(scope="module")
def colleague(site):
    return new_steward(site, "Kusi")


@pytest.fixture
def draft(places):
    return places.new_draft(STEWARD)


@pytest.fixture
def windows(visit, draft, colleague):
    """The same step before both; the colleague's may be told to choose."""
    path = f"/proposals/{draft}/edit/coverage/"
    return visit(path, STEWARD, later=409), visit(path, colleague, later=409)


def write(page, name, words):
    Typist(page).write(name, words)
    says(page, "Saved at")


def test_different_answers_are_both_kept_and_the_later_one_hears_of_it(windows, site, draft):
    rosa, kusi = windows
    write(rosa, "represents", "Tellers")
    Typist(kusi).write("languages", "qu")
    says(kusi, "Rosa Quispe changed other answers of this step")
    kusi.reload()
    assert kusi.input_value("[name=represents]") == "Tellers"
    assert kusi.input_value("[name=languages]") == "qu"


def test_the_same_answer_is_shown_to_the_later_one_who_chooses_by_keys(windows, site, draft):
    rosa, kusi = windows
    write(rosa, "represents", "Tellers")
    Typist(kusi).write("represents", "Singers")
    says(kusi, "that somebody else changed too")
    both = kusi.get_by_role("alert").inner_text()
    assert "Tellers" in both
    assert "Singers" in both
    assert saved(site, draft) == "Tellers"
    with kusi.expect_navigation():
        Typist(kusi).choose("'choice:represents'", "mine")
    assert kusi.input_value("[name=represents]") == "Singers"
    assert saved(site, draft) == "Singers"


def test_the_button_shows_both_as_well_and_saves_what_was_chosen(windows, visit, site, draft, colleague):
    rosa, _ = windows
    plain = visit(f"/proposals/{draft}/edit/coverage/", colleague, later=409, java_script_enabled=False)
    write(rosa, "represents", "Tellers")
    plain.fill("[name=represents]", "Singers")
    plain.fill("[name=languages]", "qu")
    plain.click(SAVE)
    assert plain.get_by_role("alert").get_by_text("Somebody else changed the same").is_visible()
    plain.check("[value=saved]")
    plain.click(SAVE)
    assert plain.url.endswith("/edit/rights/")
    (record,) = site.rows("SELECT record FROM catalog_proposal WHERE id = %s", draft)[0]
    assert record == {"represents": "Tellers", "languages": ["qu"]}
