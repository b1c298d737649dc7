"""The members vote on their own quorum in the browser; the operator of the machines changes none of it."""

from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, MOVER, OWN_MAINTAINER, SECOND_MAINTAINER
from tests.stack.site.test_site_reviewing import DARA, posted, said

OPERATOR = "operator@coordinator.example"
KEY = "review.quorum"
YES = (SECOND_MAINTAINER, OWN_MAINTAINER, MOVER)  # of three of the four members
SUBMIT = "main form.form button[type=submit]"
RULE = "INSERT INTO catalog_rule (key, value, motion_id, in_force_from) VALUES (%s, '1', %s, now())"
REFUSALS = "SELECT count(*) FROM provenance_event WHERE action = 'motion.refused' AND outcome = 'denied'"


@pytest.fixture(scope="module")
def window(readers):
    """A function that opens an address as a person, in a window that stays open for the whole journey."""
    open_windows: dict[str, Page] = {}

    def opened(reader: str, path: str) -> Page:
        if reader not in open_windows:
            open_windows[reader] = readers.context(reader).new_page()
        open_windows[reader].goto(path)
        return open_windows[reader]

    yield opened
    for page in open_windows.values():
        page.context.close()


@pytest.fixture
def quorum(window, site):
    """A function that tells the rule in force. Whatever it came to, two again is voted for in the end."""

    def in_force() -> int:
        found = site.rows("SELECT value FROM catalog_rule WHERE key = %s ORDER BY id DESC LIMIT 1", KEY)
        return int(found[0][0]) if found else 2

    yield in_force
    if in_force() != 2:
        motion = moved(window(MOVER, "/governance/"), 2)
        for reader in YES:
            vote(window(reader, motion), "yes")
    assert in_force() == 2


def moved(page: Page, value: int, *, key: str = KEY) -> str:
    """Open a motion from the list of rules, and return its path."""
    page.click(f"[id='{key}'] a:has-text('Change it')")
    keys = Keyboard(page)
    keys.write("value", str(value))
    keys.write("reason", "Four members can read more than two of them do.")
    keys.press(SUBMIT)
    return urlsplit(page.url).path


def vote(page: Page, choice: str) -> None:
    keys = Keyboard(page)
    keys.choose("choice", choice)
    keys.press(SUBMIT)
    assert "Your member’s vote is in the log." in said(page)


def wanted(page: Page) -> str:
    """What a proposal under review says of the approvals that it needs."""
    return page.locator("text=approvals of different members publish it").inner_text().split(".")[0]


def test_three_of_four_members_raise_the_quorum_and_proposals_ask_for_it_at_once(
    window, places, quorum, site
):
    proposal = f"/proposals/{places.reviewed}/"
    assert wanted(window(MAINTAINER, proposal)).startswith("2 approvals")
    motion = moved(window(MOVER, "/governance/"), 3)
    vote(window(MAINTAINER, motion), "no")
    a_colleague_has_no_second_ballot(window(DARA, motion), motion)
    before = site.rows(REFUSALS)[0][0]
    the_operator_has_none(window(OPERATOR, motion), motion)
    assert site.rows(REFUSALS) == [(before + 3,)]
    the_database_lets_no_rule_in(site, motion)
    for reader in YES:
        assert quorum() == 2
        vote(window(reader, motion), "yes")
    assert quorum() == 3
    assert "Yes: more than half of all members wanted it" in said(window(DARA, motion))
    the_rules_show_it(window(OPERATOR, "/governance/"), motion)
    assert wanted(window(MAINTAINER, proposal)).startswith("3 approvals")


def a_colleague_has_no_second_ballot(page: Page, motion: str) -> None:
    assert page.locator("[name=choice]").count() == 0
    assert posted(page, motion, choice="yes", note="") == 409


def the_operator_has_none(page: Page, motion: str) -> None:
    assert page.locator("[name=choice]").count() == 0
    assert posted(page, motion, choice="yes", note="") == 403
    asking = f"/governance/motions/new/?key={KEY}"
    answer = page.goto(asking)
    assert answer is not None
    assert (answer.status, page.locator("[name=value]").count()) == (403, 0)
    assert posted(page, asking, value="3", reason="It is my machine.") == 403
    assert posted(page, f"{motion}withdraw/") == 403


def the_database_lets_no_rule_in(site, motion: str) -> None:
    """Who holds the database's own password gets no further."""
    with (
        psycopg.connect(site.environment.database_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="INV-7"),
    ):
        connection.execute(RULE, (KEY, motion.split("/")[3]))


def the_rules_show_it(page: Page, motion: str) -> None:
    row = page.locator(f"[id='{KEY}']")
    assert "3 members" in row.inner_text()
    assert row.locator(f"a[href='{motion}'] time").count() == 1
    assert row.locator("a:has-text('Change it')").count() == 0
