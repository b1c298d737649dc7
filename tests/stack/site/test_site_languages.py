"""The site and its letters in French for whoever reads French, and its newer pages from right to left."""

from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, STEWARD
from tests.stack.site.test_site_governing import moved
from tests.stack.site.test_site_reviewing import BETWEEN_LETTERS, DARA, FATOU, SUBMIT

# Reader, path, and a French text that has to stand on it.
FRENCH = [
    (MAINTAINER, "/proposals/{reviewed}/", "Votre relecture"),
    (MAINTAINER, "/proposals/{reviewed}/history/", "Aller au contenu"),
    (MAINTAINER, "/notifications/", "Ce qui s’est passé"),
    (MAINTAINER, "/governance/", "Règles en vigueur"),
    (MAINTAINER, "/governance/motions/{motion}/", "Ce qui changerait"),
    (STEWARD, "/proposals/{draft}/edit/tier/", "Jusqu’où les données peuvent-elles aller ?"),
    (STEWARD, "/proposals/{draft}/edit/about/", "Que devrait savoir un inconnu ?"),
    (STEWARD, "/proposals/{draft}/edit/people/", "Qui répond des données, et qui les a faites ?"),
    (STEWARD, "/proposals/{draft}/edit/coverage/", "De qui les données montrent-elles la langue et la vie ?"),
]
# What stands on these pages for readers of English.
ENGLISH = (
    "Skip to the content",
    "Sign out",
    "Proposals",
    "Governance",
    "Your review",
    "Submit your review",
    "What it says",
    "What happened",
    "What waits for you",
    "You have read everything that you were told.",
    "Rules in force",
    "Being voted on",
    "Decided before",
    "Open a motion",
    "What would change",
    "Who voted",
    "How far may the data go?",
    "What would a stranger need to know?",
    "Who answers for the data, and who made them?",
    "Whose language and life do the data show?",
    "Save and continue",
)
NEW = [
    (MAINTAINER, "/proposals/"),
    (MAINTAINER, "/proposals/{reviewed}/"),
    (MAINTAINER, "/proposals/{reviewed}/history/"),
    (MAINTAINER, "/proposals/{reviewed}/threads/{talk}/"),
    (MAINTAINER, "/proposals/{reviewed}/recuse/"),
    (MAINTAINER, "/notifications/"),
    (MAINTAINER, "/notifications/settings/"),
    (MAINTAINER, "/governance/"),
    (MAINTAINER, "/governance/motions/{motion}/"),
    (MAINTAINER, "/governance/motions/new/?key=review.quorum"),
    (STEWARD, "/proposals/from/"),
    (STEWARD, "/proposals/batches/new/"),
    (STEWARD, "/proposals/batches/{batch}/"),
    (STEWARD, "/proposals/batches/{batch}/columns/"),
    (STEWARD, "/proposals/batches/{batch}/rows/2/"),
    (STEWARD, "/proposals/{draft}/edit/tier/questions/"),
]
SHAPE = "() => [document.documentElement.dir, document.documentElement.scrollWidth]"
MADE_A_MOTION = {
    MAINTAINER: "made a motion: your member votes",
    DARA: "a déposé une motion : votre membre vote",
}


def spaced(text: str) -> str:
    """The text with plain spaces where French sets others before its marks."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(("reader", "path", "words"), FRENCH)
def test_a_french_reader_reads_french(visit, places, reader, path, words):
    page = visit(path.format_map(places), reader, language="fr")
    assert page.get_attribute("html", "lang") == "fr"
    text = spaced(page.locator("body").inner_text())
    assert words in text
    assert not {line.strip() for line in text.splitlines()} & set(ENGLISH)


@pytest.mark.parametrize(("reader", "path"), NEW)
def test_new_pages_fit_a_small_phone_from_right_to_left(visit, places, reader, path):
    page = visit(path.format_map(places), reader, language="ar", width=320)
    assert page.evaluate(SHAPE) == ["rtl", 320]


@pytest.fixture
def motion(visit):
    """The path of a motion whose letters go out in French to one colleague; taken back in the end."""
    settings = visit("/notifications/settings/", DARA)
    letters_in(settings, "fr")
    mover = visit("/governance/", FATOU)
    path = moved(mover, 20, key="appeal.days")
    yield path
    mover.goto(f"{path}withdraw/")
    Keyboard(mover).press("main form button")
    letters_in(settings, "en")


def letters_in(page: Page, language: str) -> None:
    Keyboard(page).choose("language", language)
    Keyboard(page).press(SUBMIT)


def test_two_colleagues_are_told_of_one_motion_each_in_their_language(motion, visit, site):
    for reader, language in ((MAINTAINER, "en"), (DARA, "fr")):
        told = visit("/notifications/", reader, language=language).locator("main").inner_text()
        assert MADE_A_MOTION[reader] in spaced(told)
    for reader, words in MADE_A_MOTION.items():
        letter = site.until(
            lambda reader=reader: letter_about(site, reader, motion), 150, f"a letter to {reader} is written"
        )
        assert words in spaced(letter)


def letter_about(site, reader: str, path: str) -> str:
    """The plain text of the newest letter to a person that leads to this path; empty before there is one."""
    for file in sorted((site.var / "mail").glob("*"), reverse=True):
        for text in file.read_bytes().split(BETWEEN_LETTERS):
            letter = message_from_bytes(text, policy=policy.default)
            body = letter.get_body(("plain",))
            if letter["To"] == reader and body is not None and path in body.get_content():
                return str(body.get_content())
    return ""
