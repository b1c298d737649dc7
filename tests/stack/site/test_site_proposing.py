"""From an empty form to a dataset that everybody finds, by people who use no mouse."""

import secrets
import time

import pytest

from tests.stack.site.keyboard import Keyboard, Typist
from tests.stack.site.places import MAINTAINER, OWN_MAINTAINER, SECOND_MAINTAINER, STEWARD
from tests.stack.site.proposing import (
    AFFIRM,
    attach_and_submit,
    describe,
    described,
    fill,
    found_by_search,
    hand_in,
    new_steward,
)

WORD = f"tales{secrets.token_hex(3)}"
TITLE = f"Winter {WORD}"
TEN_MINUTES = 600
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
    keys.choose("accepted_for", "training")
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


def test_two_maintainers_publish_it_and_the_search_finds_it(published, visit, site):
    page = visit("/datasets/")
    found_by_search(page, site, WORD, f"winter-{WORD}")
    Keyboard(page).press(f"main a[href^='/datasets/winter-{WORD}']")
    assert page.locator("h1").inner_text() == TITLE
    assert page.locator("main").get_by_text("Local-only", exact=True).first.is_visible()


def test_the_story_of_the_proposal_tells_who_did_what(published, visit):
    page = visit(published, STEWARD)
    said = page.locator("[aria-labelledby=voices]").inner_text()
    assert f"Read by {MAINTAINER}." in said
    assert f"Read by {SECOND_MAINTAINER}." in said
    Keyboard(page).press("main a[href$='/history/']")
    told = page.locator("main").inner_text()
    steps = ("Proposal started", "Handed in for review", "Review taken up", "Proposal accepted")
    assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps)


def test_inv_1_the_text_itself_came_nowhere_near_a_page(published, visit, site):
    for reader in ("", STEWARD, MAINTAINER):
        page = visit("/datasets/", reader)
        found_by_search(page, site, WORD, f"winter-{WORD}")
        Keyboard(page).press(f"main a[href^='/datasets/winter-{WORD}']")
        assert "kondorwan" not in page.content()


def test_what_is_missing_is_led_to_by_a_link(visit, places):
    page = visit(f"/proposals/{places.new_draft(STEWARD)}/edit/check/", STEWARD, later=422)
    Keyboard(page).press(AFFIRM)
    assert page.title().startswith("Please look again")
    Keyboard(page).press(".error-summary a, main a[href*='/edit/']")
    assert "/edit/" in page.url


def test_a_new_steward_submits_a_dataset_with_the_keyboard_alone_in_under_ten_minutes(visit, site):
    manifest, address = described(site, f"first-{WORD}", SECRET), new_steward(site, "Wayra")
    began = time.monotonic()
    page = visit("/")
    keys = Typist(page)
    keys.press("a[href^='/accounts/login/']")
    keys.write("login", address)
    keys.write("password", site.password)
    keys.press("main form button")
    keys.press("a[href='/proposals/']")
    keys.press("main a[href='/proposals/new/']")
    keys.press("main form .actions button")
    keys.press("main a[href$='/edit/tier/questions/']")
    for question, answer in {"known": "yes", "copied": "no", "downloaded": "no", "learnt": "yes"}.items():
        keys.choose(question, answer)
    keys.press("form[method=get] .actions button")
    assert page.get_by_text("This is Local-only, because copies may not leave").is_visible()
    keys.press("form[action$='/edit/tier/'] button")
    describe(keys, f"First {WORD}")
    hand_in(keys, manifest)
    assert page.get_by_text("Submitted. Its story and what happens next stand here.").is_visible()
    # Who types slowly needs a third of a second for a key, and reads as long as the machine worked.
    machine, typing = time.monotonic() - began, keys.strokes / 3
    site.figures["a new steward's first dataset, by the machine's fingers"] = machine
    site.figures[f"the same by slow fingers: {keys.strokes} keys, three a second"] = machine + typing
    assert machine + typing < TEN_MINUTES
