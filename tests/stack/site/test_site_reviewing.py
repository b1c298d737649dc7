"""One proposal through everything a review can be: five maintainers of three members, a block, an appeal."""

import json
import secrets
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import OWN_MAINTAINER, STEWARD
from tests.stack.site.proposing import AFFIRM, SAVE, attach_and_submit, described, fill

pytestmark = pytest.mark.endurance

WORD = f"songs{secrets.token_hex(3)}"
MINH, DARA = "minh@mekong.example", "dara@mekong.example"
MOUSSA, FATOU = "moussa@sahel.example", "fatou@sahel.example"
LUKAS, COMMUNITY = "lukas@danube.example", "saywa@andes.example"
SPEAK = "form[action$='/review/'] button[type=submit]"
BETWEEN_LETTERS = b"\n" + b"-" * 79 + b"\n"
SUBMIT = "main form button[type=submit]"


@pytest.fixture(scope="module")
def window(readers):
    """A function that opens an address as a person, in a window that stays open for the whole journey."""
    open_windows: dict[str, Page] = {}

    def opened(reader: str, path: str) -> Page:
        if reader not in open_windows:
            open_windows[reader] = readers.context(reader).new_page()
        page = open_windows[reader]
        page.goto(path)
        return page

    yield opened
    for page in open_windows.values():
        page.context.close()


@pytest.fixture(scope="module")
def proposal(window, site):
    """The path of a proposal that a steward typed and handed in."""
    page = window(STEWARD, "/proposals/new/")
    Keyboard(page).press("main form .actions button")
    fill(page, f"Rain {WORD}")
    attach_and_submit(page, described(site, WORD, f"Paraqa {WORD} takiq."))
    return page.url.removeprefix(site.url)


def speak(page: Page, verdict: str, note: str, **chosen: str) -> None:
    keys = Keyboard(page)
    keys.choose("verdict", verdict)
    for name, value in chosen.items():
        keys.choose(name, value)
    keys.write("note", note)
    keys.press(SPEAK)
    assert page.get_by_text("Your review is in the log.").is_visible()


def said(page: Page) -> str:
    return page.locator("main").inner_text()


def state_of(site, proposal: str) -> tuple:
    query = "SELECT state, accepted_for, block_ground FROM catalog_proposal WHERE id = %s"
    return site.rows(query, proposal.split("/")[2])[0]


def posted(page: Page, path: str, **form: str) -> int:
    """Send a form without the page that would offer it; return the status."""
    token = next(each["value"] for each in page.context.cookies() if each["name"].startswith("tapestry-csrf"))
    headers = {"X-CSRFToken": token, "Referer": page.url}
    return page.request.post(path, form=form, headers=headers, max_redirects=0).status


def test_five_maintainers_a_block_and_an_appeal_end_in_an_acceptance_that_is_told(window, proposal, site):
    letters_in_french(window(STEWARD, "/notifications/settings/"))
    one_of_the_proposer_is_refused(window(OWN_MAINTAINER, proposal), proposal)
    one_steps_back(window(FATOU, f"{proposal}recuse/"), proposal)
    one_asks_for_changes(window(MINH, f"{proposal}threads/new/?field=licence"), proposal)
    assert state_of(site, proposal)[0] == "changes_requested"
    the_steward_answers(window(STEWARD, proposal), proposal)
    a_colleague_speaks_for_the_same_member(window(DARA, proposal), window(MINH, proposal), proposal)
    the_community_blocks_it(window(COMMUNITY, proposal))
    assert state_of(site, proposal) == ("blocked", "", "community")
    the_steward_appeals(window(STEWARD, f"{proposal}appeal/"))
    assert posted(window(COMMUNITY, proposal), f"{proposal}appeal/voice/", upholds="no", note="No.") in {
        403,
        422,
    }
    for judge in (LUKAS, MOUSSA):
        uphold(window(judge, f"{proposal}appeal/"))
    assert state_of(site, proposal)[0] == "in_review"
    speak(window(LUKAS, proposal), "approve", "The tellers agreed.", accepted_for="training")
    speak(window(MOUSSA, proposal), "approve", "For measuring only.", accepted_for="evaluation")
    assert state_of(site, proposal) == ("accepted", "evaluation", "")
    the_story_tells_it_all(window(STEWARD, f"{proposal}history/"), proposal)
    the_steward_was_told(window(STEWARD, "/notifications/"), site)


def letters_in_french(page: Page) -> None:
    page.check("[name=language][value=fr]")
    page.click(SUBMIT)
    page.wait_for_load_state()


def one_of_the_proposer_is_refused(page: Page, proposal: str) -> None:
    assert "You do not decide on this one" in said(page)
    form = {"verdict": "approve", "accepted_for": "training", "note": "Mine.", "revision": "1"}
    assert posted(page, f"{proposal}review/", **form) == 403


def one_steps_back(page: Page, proposal: str) -> None:
    Keyboard(page).write("reason", "My sister recorded two of the songs.")
    Keyboard(page).press(SUBMIT)
    assert "You stepped back from this decision" in said(page)
    assert posted(page, f"{proposal}review/", verdict="reject", note="No.", revision="1") == 403


def one_asks_for_changes(page: Page, proposal: str) -> None:
    keys = Keyboard(page)
    keys.write("text", "Who holds the rights in the melodies?")
    keys.tick("requested")
    keys.press(SUBMIT)
    page.goto(proposal)
    assert "Who holds the rights in the melodies?" in said(page)
    speak(page, "request-changes", "One question at the licence.")


def the_steward_answers(page: Page, proposal: str) -> None:
    assert "Reviewers asked for changes" in said(page)
    page.goto(f"{proposal}edit/rights/")
    keys = Keyboard(page)
    keys.write("licence", "CC-BY-SA-4.0")
    keys.press(SAVE)
    page.goto(f"{proposal}edit/check/")
    keys.write("answer", "The singers hold them; the licence is share-alike now.")
    keys.tick("affirmed")
    keys.press(AFFIRM)
    assert "What changed" in said(page) or "in review" in said(page).lower()


def a_colleague_speaks_for_the_same_member(colleague: Page, first: Page, proposal: str) -> None:
    assert "CC-BY-SA-4.0" in said(colleague)
    assert "The singers hold them" in said(colleague)
    speak(colleague, "approve", "Clear now.", accepted_for="training")
    first.goto(proposal)
    assert first.locator(SPEAK).count() == 0
    assert "Your member’s review of this revision is in the log" in said(first)


def the_community_blocks_it(page: Page) -> None:
    assert page.locator("[name=verdict]").count() == 0
    Keyboard(page).write("note", "Two families were not asked.")
    Keyboard(page).press(SPEAK)


def the_steward_appeals(page: Page) -> None:
    Keyboard(page).write("grounds", "Both families signed in August; their letters are with the library.")
    Keyboard(page).press(SUBMIT)
    assert "Both families signed in August" in said(page)


def uphold(page: Page) -> None:
    keys = Keyboard(page)
    keys.choose("upholds", "yes")
    keys.write("note", "The letters answer the block.")
    keys.press("form[action$='/voice/'] button")


def the_story_tells_it_all(page: Page, proposal: str) -> None:
    told = said(page)
    for words in (
        "Who holds the rights in the melodies?",
        "My sister recorded two of the songs.",
        "The singers hold them",
        "Two families were not asked.",
        "Both families signed in August",
        "For measuring only.",
    ):
        assert words in told
    document = json.loads(page.request.get(f"{proposal}history.json").text())
    assert len(document["submissions"]) == 2
    assert WORD in page.request.get(f"{proposal}history.md").text()


def the_steward_was_told(page: Page, site) -> None:
    assert "The proposal was accepted" in said(page)
    site.until(lambda: french_letters(site), 120, "a letter in French has been written")


def french_letters(site) -> list[str]:
    """Subjects of the letters to the steward that are in French."""
    found = []
    for path in (site.var / "mail").glob("*"):
        for text in path.read_bytes().split(BETWEEN_LETTERS):
            letter = message_from_bytes(text, policy=policy.default)
            body = letter.get_body(("plain",))
            if letter["To"] == STEWARD and body is not None and "proposition" in body.get_content().lower():
                found.append(letter["Subject"])
    return found
