"""From an empty form to a dataset that everybody finds, by people who use no mouse."""

import secrets

import pytest

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, OWN_MAINTAINER, SECOND_MAINTAINER, STEWARD
from tests.stack.site.proposing import AFFIRM, SAVE, attach_and_submit, described, fill

WORD = f"tales{secrets.token_hex(3)}"
TITLE = f"Winter {WORD}"
SECRET = f"Huk kutis atuq kondorwan {WORD} rimasqaku."


@pytest.fixture(scope="module")
def proposal(readers, site):
    """The address of a proposal that a steward typed and submitted; nobody has spoken on it."""
    page = readers.context(STEWARD).new_page()
    page.goto("/proposals/")
    keys = Keyboard(page)
    keys.press("main a[href='/proposals/new/']")
    keys.press("main form .actions button")
    fill(page, TITLE)
    attach_and_submit(page, described(site, WORD, SECRET))
    assert page.get_by_text("Submitted. Its story and what happens next stand here.").is_visible()
    page.context.close()
    return page.url


def approve(visit, address, reader):
    page = visit(address, reader)
    keys = Keyboard(page)
    keys.choose("verdict", "approve")
    keys.write("note", f"Read by {reader}.")
    keys.press("form[action$='/review/'] button")
    assert page.get_by_text("Your review is in the log.").is_visible()


@pytest.fixture(scope="module")
def published(proposal, readers):
    """The same proposal after the words of two members; asked for after what its first readers see."""
    for reader in (MAINTAINER, SECOND_MAINTAINER):
        context = readers.context(reader)
        approve(lambda path, _, context=context: opened(context, path), proposal, reader)
        context.close()
    return proposal


def opened(context, path):
    page = context.new_page()
    page.goto(path)
    return page


def test_a_maintainer_of_the_proposing_member_reads_why_there_is_no_panel(visit, readers, site):
    page = visit("/proposals/new/", STEWARD)
    Keyboard(page).press("main form .actions button")
    fill(page, f"Spring {WORD}")
    attach_and_submit(page, described(site, f"spring-{WORD}", SECRET))
    own = visit(page.url, OWN_MAINTAINER)
    assert own.get_by_role("heading", name="You do not decide on this one").is_visible()
    assert own.locator("form[action$='/review/']").count() == 0


def test_two_maintainers_publish_it_and_the_search_finds_it_at_once(published, visit):
    page = visit(f"/datasets/?q={WORD}")
    Keyboard(page).press(f"main a[href^='/datasets/winter-{WORD}']")
    assert page.locator("h1").inner_text() == TITLE
    assert page.locator("main").get_by_text("Local-only", exact=True).first.is_visible()


def test_the_story_of_the_proposal_tells_who_did_what(published, visit):
    page = visit(published, STEWARD)
    said = page.locator("[aria-labelledby=voices]").inner_text()
    assert f"Read by {MAINTAINER}." in said
    assert f"Read by {SECOND_MAINTAINER}." in said
    told = page.locator("[aria-labelledby=story]").inner_text()
    for step in ("Proposal started", "Proposal submitted", "Proposal reviewed", "Proposal accepted"):
        assert step in told


def test_inv_1_the_text_itself_came_nowhere_near_a_page(published, visit):
    for reader in ("", STEWARD, MAINTAINER):
        page = visit(f"/datasets/?q={WORD}", reader)
        Keyboard(page).press(f"main a[href^='/datasets/winter-{WORD}']")
        assert "kondorwan" not in page.content()


def test_a_draft_survives_signing_out_and_in_again(visit, places, site):
    path = f"/proposals/{places.new_draft('awa@sahel.example')}/edit/about/"
    page = visit(path, "awa@sahel.example")
    keys = Keyboard(page)
    keys.write("title_en", f"Autumn {WORD}")
    keys.press(SAVE)
    page.context.clear_cookies()
    page.goto(path)
    assert page.locator("h1").inner_text() == "Sign in"
    keys.write("login", "awa@sahel.example")
    keys.write("password", site.password)
    keys.press("main form button")
    assert page.url == site.url + path
    assert page.input_value("[name=title_en]") == f"Autumn {WORD}"


def test_two_windows_on_one_draft_lose_nothing_and_say_so(visit, places):
    path = f"/proposals/{places.new_draft('jana@danube.example')}/edit/coverage/"
    first, second = (visit(path, "jana@danube.example", later=409) for _ in range(2))
    for page, words in ((first, "Farmers"), (second, "Fishers")):
        Keyboard(page).write("represents", words)
        Keyboard(page).press(SAVE)
    assert second.get_by_role("alert").get_by_text("Somebody else saved this draft").is_visible()
    assert "Farmers" in second.get_by_role("alert").inner_text()
    assert second.input_value("[name=represents]") == "Fishers"
    Keyboard(second).press(SAVE)
    second.goto(path)
    assert second.input_value("[name=represents]") == "Fishers"


def test_what_is_missing_is_led_to_by_a_link(visit, places):
    page = visit(f"/proposals/{places.new_draft(STEWARD)}/edit/check/", STEWARD, later=422)
    Keyboard(page).press(AFFIRM)
    assert page.title().startswith("Please look again")
    Keyboard(page).press(".error-summary a, main a[href*='/edit/']")
    assert "/edit/" in page.url
