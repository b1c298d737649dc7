"""A step saves itself: what was typed is there although nobody pressed a button."""

import pytest

from tests.stack.site.keyboard import Typist
from tests.stack.site.places import STEWARD
from tests.stack.site.proposing import SAVE

STATUS = "auto-save [role=status]"
ENDS = 20_000  # ms


@pytest.fixture
def draft(places):
    return places.new_draft(STEWARD)


@pytest.fixture
def typing(visit, draft):
    """Open the step "coverage" and type whom the data represent."""

    def typed(words, **options):
        page = visit(f"/proposals/{draft}/edit/coverage/", STEWARD, **options)
        Typist(page).write("represents", words)
        return page

    return typed


def says(page, words):
    page.locator(STATUS).get_by_text(words).wait_for(timeout=ENDS)


def saved(site, draft):
    (record,) = site.rows("SELECT record FROM catalog_proposal WHERE id = %s", draft)[0]
    return record.get("represents", "")


def test_what_was_typed_is_elsewhere_although_the_page_was_closed_without_saving(typing, visit, draft):
    page = typing("Tellers of Cusco")
    says(page, "Saved at")
    page.close()
    other = visit(f"/proposals/{draft}/edit/coverage/", STEWARD)
    assert other.input_value("[name=represents]") == "Tellers of Cusco"


def test_what_was_typed_a_moment_before_leaving_is_saved_too(typing, site, draft):
    page = typing("Weavers")
    page.goto("/proposals/")
    site.until(lambda: saved(site, draft) == "Weavers", 20, "the last words arrive")


def test_what_can_not_be_read_is_saved_and_told_with_its_requirement(typing, visit, draft):
    page = typing("Tellers")
    Typist(page).write("shares", "qu half")
    says(page, "Not everything can be read yet.")
    checks = page.locator("[data-part=findings]").inner_text()
    assert "“half” is not a percentage." in checks
    assert "Requirement DG:1" in checks
    page.reload()
    assert page.input_value("[name=shares]") == "qu half"


def test_a_line_that_was_cut_is_told_and_the_words_are_sent_when_it_is_back(typing, watcher, site, draft):
    page = typing("Tellers")
    says(page, "Saved at")
    page.context.set_offline(True)
    Typist(page).write("represents", "Singers")
    says(page, "the catalog does not answer")
    page.context.set_offline(False)
    says(page, "Saved at")
    assert saved(site, draft) == "Singers"
    watcher.complaints.clear()  # the browser rightly said that the line was cut


def test_who_was_signed_out_keeps_the_words_and_goes_on_after_signing_in_elsewhere(typing, site, draft):
    page = typing("Tellers", later=403)
    says(page, "Saved at")
    page.context.clear_cookies()
    Typist(page).write("represents", "Potters")
    says(page, "you are signed out")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    door = opened.value
    door.fill("[name=login]", STEWARD)
    door.fill("[name=password]", site.password)
    door.press("[name=password]", "Enter")
    door.wait_for_url("/")
    says(page, "Saved at")
    assert saved(site, draft) == "Potters"


def test_the_change_to_private_waits_for_its_button(visit, site, draft):
    page = visit(f"/proposals/{draft}/edit/tier/", STEWARD)
    Typist(page).choose("tier", "private")
    says(page, "waits for the button")
    assert site.rows("SELECT record FROM catalog_proposal WHERE id = %s", draft) == [({},)]


def test_pressing_save_while_it_saves_itself_asks_nobody_to_choose(typing, site, draft):
    page = typing("Tellers")
    with page.expect_request(lambda request: "x-autosave" in request.headers):
        pass
    keys = Typist(page)
    keys.write("represents", "Tellers and singers")
    keys.press(SAVE)
    assert page.url.endswith("/edit/rights/")
    assert saved(site, draft) == "Tellers and singers"


def test_without_scripts_the_button_saves_as_ever(visit, site, draft):
    page = visit(f"/proposals/{draft}/edit/coverage/", STEWARD, java_script_enabled=False)
    assert not page.locator("auto-save").is_visible()
    page.fill("[name=represents]", "Tellers")
    page.click(SAVE)
    assert saved(site, draft) == "Tellers"
