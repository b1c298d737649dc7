"""One member asks another for its data; the owner grants, and takes the grant back. Nobody uses a mouse."""

import secrets

import pytest

from tests.stack.site.keyboard import Keyboard

OWNER, ASKER, THIRD = "lan@mekong.example", "jana@danube.example", "awa@sahel.example"
ENTRY = "/datasets/udhr-lao-indonesian/"
PROJECT = f"Nurses of {secrets.token_hex(3)}"
ASK = "main a[href$='/udhr-lao-indonesian/access/']"
SUBMIT = "main form .actions button"


@pytest.fixture(scope="module")
def asked(readers):
    """The address of a request that the asker's steward typed; its owner has not spoken."""
    page = readers.context(ASKER).new_page()
    page.goto(ENTRY)
    keys = Keyboard(page)
    keys.press(ASK)
    keys.write("project", PROJECT)
    keys.write("scope", "Fine-tuning in two runs.")
    keys.write("days", "30")
    keys.press(SUBMIT)
    page.context.close()
    return page.url


def state(page):
    return page.locator(".cartouche .status-tag").inner_text()


def grant(visit, asked):
    page = visit("/access/?list=waiting", OWNER)
    keys = Keyboard(page)
    keys.press(f"main a[href='/access/{asked.split('/')[-2]}/']")
    keys.choose("answer", "grant")
    keys.write("days", "7")
    keys.press(SUBMIT)


def revoke(visit, asked):
    page = visit(asked, OWNER)
    keys = Keyboard(page)
    keys.press("main a[href$='/revoke/']")
    keys.write("note", "The project is over.")
    keys.press(SUBMIT)


def test_the_way_to_the_request_stands_above_the_fold_for_who_could_ask(visit):
    link = visit(ENTRY, ASKER, width=390).locator(ASK)
    assert link.bounding_box()["y"] < 900
    assert visit(ENTRY, OWNER).locator(ASK).count() == 0
    assert visit(ENTRY).locator(ASK).count() == 0


def test_nobody_but_the_two_members_finds_the_request(visit, asked):
    assert visit(asked, ASKER).locator("h1").inner_text() == PROJECT
    visit(asked, THIRD, expect=404)


def test_the_owner_grants_the_asker_sees_it_and_the_owner_revokes(visit, asked):
    assert state(visit(asked, ASKER)) == "Submitted"
    grant(visit, asked)
    granted = visit(asked, ASKER)
    assert state(granted) == "Granted"
    assert "Access granted" in granted.locator("[aria-labelledby=story]").inner_text()
    revoke(visit, asked)
    assert state(visit(asked, ASKER)) == "Revoked"
    assert "The project is over." in visit(asked, ASKER).locator("main").inner_text()
