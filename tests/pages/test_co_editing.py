"""Two stewards on one step: what one of them changed is kept, what both did is shown to both."""

import pytest
from django.test import Client

from catalog.members.models import Role
from tests.factories import make_member, make_person
from tests.pages.proposing import COVERAGE, Window, begin

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def stewards(db: None) -> list[Client]:
    """Two people of one member, each with a browser."""
    member = make_member("archive")
    browsers = []
    for name in ("kofi", "rosa"):
        browser = Client()
        browser.force_login(make_person(member, Role.STEWARD, email=f"{name}@example.org"))
        browsers.append(browser)
    return browsers


@pytest.fixture
def draft(stewards):
    return begin(stewards[0])


@pytest.fixture
def windows(stewards, draft):
    """The same step, open before both."""
    Window(stewards[0], draft, "coverage").press(**COVERAGE)
    return [Window(browser, draft, "coverage") for browser in stewards]


def test_different_answers_are_both_kept_without_a_question(windows, draft):
    kofi, rosa = windows
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    assert rosa.press(**{**COVERAGE, "keywords": "rivers"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.record["represents"], draft.record["keywords"]) == ("Fishers", ["rivers"])


def test_the_same_answer_is_shown_side_by_side_and_the_rest_is_saved(windows, draft):
    kofi, rosa = windows
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    answer = rosa.press(**{**COVERAGE, "represents": "Ferrymen", "keywords": "rivers"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Fishers" in page
    assert 'value="Ferrymen"' in page
    draft.refresh_from_db()
    assert (draft.record["represents"], draft.record["keywords"]) == ("Fishers", ["rivers"])


@pytest.mark.parametrize(("choice", "kept"), [("saved", "Fishers"), ("mine", "Ferrymen")])
def test_a_choice_settles_it(windows, draft, choice, kept):
    kofi, rosa = windows
    mine = {**COVERAGE, "represents": "Ferrymen"}
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    rosa.press(**mine)
    answer = rosa.press(**mine, **{"clash": "represents", "choice:represents": choice})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.record["represents"] == kept


def test_without_a_choice_nobody_is_overwritten(windows, draft):
    kofi, rosa = windows
    mine = {**COVERAGE, "represents": "Ferrymen"}
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    rosa.press(**mine)
    assert rosa.press(**mine, clash="represents").status_code == 409
    draft.refresh_from_db()
    assert draft.record["represents"] == "Fishers"


def test_a_choice_that_was_overtaken_is_asked_again(windows, draft):
    kofi, rosa = windows
    mine = {**COVERAGE, "represents": "Ferrymen"}
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    rosa.press(**mine)
    Window(kofi.browser, draft, "coverage").press(**{**COVERAGE, "represents": "Pilots"})
    answer = rosa.press(**mine, **{"clash": "represents", "choice:represents": "mine"})
    assert answer.status_code == 409
    assert "Pilots" in answer.content.decode()


def test_a_window_that_saved_beside_others_does_not_undo_them_later(windows, draft):
    kofi, rosa = windows
    kofi.press(**{**COVERAGE, "represents": "Fishers"})
    rosa.autosave(**{**COVERAGE, "keywords": "rivers"})
    rosa.autosave(**{**COVERAGE, "keywords": "rivers, boats"})
    draft.refresh_from_db()
    assert (draft.record["represents"], draft.record["keywords"]) == ("Fishers", ["rivers", "boats"])


def test_a_title_in_one_language_does_not_touch_another(stewards, draft):
    kofi, rosa = (Window(browser, draft, "about") for browser in stewards)
    kofi.press(text_languages="en", title_en="Letters")
    rosa.press(text_languages="en vi", title_vi="Thư")
    draft.refresh_from_db()
    assert draft.record["title"] == {"en": "Letters", "vi": "Thư"}


def test_who_saved_last_is_told_by_name_to_their_own_member(windows, stewards, draft):
    windows[0].press(**{**COVERAGE, "represents": "Fishers"})
    page = stewards[1].get(windows[1].address).content.decode()
    assert "<bdi>kofi</bdi> saved it last" in page
    assert "You saved it last" in stewards[0].get(windows[0].address).content.decode()


def test_becoming_private_asks_again_when_others_wrote_meanwhile(stewards, draft):
    rosa = Window(stewards[1], draft, "tier")
    Window(stewards[0], draft, "coverage").press(**COVERAGE)
    answer = rosa.press(tier="private", forget="1")
    assert "Make it private?" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.record["represents"] == COVERAGE["represents"]
