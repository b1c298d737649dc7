"""A draft is there after signing out, on another device, and after every process was started anew."""

import pytest

from tests.stack.site.keyboard import Keyboard, Typist
from tests.stack.site.places import STEWARD
from tests.stack.site.test_site_autosave import says

pytestmark = pytest.mark.endurance

WORDS = "Weavers of the high valley"


@pytest.fixture(scope="module")
def path(places, readers):
    """A step that saved itself; its window is closed, and no button was pressed."""
    address = f"/proposals/{places.new_draft(STEWARD)}/edit/coverage/"
    context = readers.context(STEWARD)
    page = context.new_page()
    page.goto(address)
    Typist(page).write("represents", WORDS)
    says(page, "Saved at")
    context.close()
    return address


def test_a_draft_survives_signing_out_and_in_again(visit, path, site):
    page = visit(path, STEWARD)
    page.context.clear_cookies()
    page.goto(path)
    assert page.locator("h1").inner_text() == "Sign in"
    keys = Keyboard(page)
    keys.write("login", STEWARD)
    keys.write("password", site.password)
    keys.press("main form button")
    assert page.url == site.url + path
    assert page.input_value("[name=represents]") == WORDS


def test_a_draft_is_there_on_another_device(visit, path):
    phone = visit(path, STEWARD, width=390, has_touch=True)
    assert phone.input_value("[name=represents]") == WORDS


def test_a_draft_survives_a_restart_of_every_process(visit, path, site, watcher):
    if site._up is None:
        pytest.skip("the program was started by somebody else, who alone may stop it")
    page = visit(path, STEWARD)
    before = {process.pid for process in site.family}
    assert site.stop() == 0
    keys = Typist(page)
    keys.unfold("keywords")
    keys.write("keywords", "looms")
    says(page, "the catalog does not answer")
    site.figures["up again after everything was stopped"] = site.start()
    assert not before & {process.pid for process in site.family}
    says(page, "Saved at")
    page.reload()
    assert page.input_value("[name=represents]") == WORDS
    assert page.input_value("[name=keywords]") == "looms"
    watcher.complaints.clear()  # the browser rightly said that the site was away
