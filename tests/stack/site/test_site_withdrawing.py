"""An owner takes an entry back: first its reach, then a tombstone, and a report with what is to do."""

import secrets

import pytest

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, SECOND_MAINTAINER, STEWARD
from tests.stack.site.proposing import AFFIRM, attach_and_submit, described, fill, found_by_search

pytestmark = pytest.mark.endurance

WORD = f"songs{secrets.token_hex(3)}"
REASON = "The singers took their word back."


@pytest.fixture(scope="module")
def entry(readers, site):
    """The path of an entry that nobody else needs, and from which one other was made."""
    path = published(readers, site, f"Harvest {WORD}")
    published(readers, site, f"Feast {WORD}", made_from=path.split("/")[2])
    return path


def published(readers, site, title, made_from=""):
    page = readers.context(STEWARD).new_page()
    page.goto("/proposals/new/")
    Keyboard(page).press("main form .actions button")
    fill(page, title, made_from=made_from)
    attach_and_submit(page, described(site, f"{title[0]}-{WORD}", title))
    for reader in (MAINTAINER, SECOND_MAINTAINER):
        approve(readers.context(reader), page.url)
    path = found_by_search(page, site, WORD, f"{title.split()[0].lower()}-").get_attribute("href")
    page.context.close()
    return path


def approve(context, address):
    page = context.new_page()
    page.goto(address)
    keys = Keyboard(page)
    keys.choose("verdict", "approve")
    keys.choose("accepted_for", "training")
    keys.press("form[action$='/review/'] button")
    context.close()


@pytest.fixture(scope="module")
def withdrawn(entry, readers):
    """The same entry after its steward read the reach and withdrew it."""
    context = readers.context(STEWARD)
    page = context.new_page()
    page.goto(entry)
    keys = Keyboard(page)
    keys.press("main a[href$='/withdraw/']")
    keys.press("main a[href$='/withdrawal/']")
    assert page.locator("h1").inner_text() == "What a withdrawal would reach"
    page.go_back()
    keys.write("reason", REASON)
    keys.press(AFFIRM)
    context.close()
    return entry


def test_others_find_a_tombstone_with_the_reason_and_no_way_in(withdrawn, visit):
    page = visit(withdrawn, MAINTAINER)
    said = page.locator("#main").inner_text()
    assert "new access is refused" in page.locator(".cartouche").inner_text()
    assert REASON in said
    assert page.locator("main a[download]").count() == 0


def test_the_search_no_longer_leads_to_it(withdrawn, visit):
    assert visit(f"/datasets/?q={WORD}").locator(f"main a[href='{withdrawn}']").count() == 0


def test_what_was_made_of_it_is_a_task_that_the_owner_reports_as_done(withdrawn, visit):
    page = visit(f"{withdrawn}withdrawal/", STEWARD)
    assert page.locator("h1").inner_text() == "Withdrawal report"
    made = page.locator("#main li", has_text=f"Feast {WORD}").filter(has=page.locator("form"))
    assert made.locator("[data-state=to_do]").is_visible()
    keys = Keyboard(page)
    keys.write("note", "Built anew without it.")
    keys.press("form[action$='/done/'] button")
    assert page.get_by_text("Noted as done.").is_visible()
    assert "Built anew without it." in page.locator("#main").inner_text()
    assert page.locator("form[action$='/done/']").count() == 0
