"""Signing in, the errors' pages, the theme and the first key press of a reader."""

import re

import pytest

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, STEWARD

TOKEN = re.compile(rb'"x-csrftoken": "\w+"')  # masked anew in each answer


def refusal(page, address, password):
    page.goto("/accounts/login/")
    keys = Keyboard(page)
    keys.write("login", address)
    keys.write("password", password)
    keys.press("main form button")
    summary = page.locator(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    return summary.inner_text().replace(address, "…")


def test_a_wrong_password_does_not_tell_whether_the_address_exists(visit):
    page = visit("/accounts/login/")
    known = refusal(page, "sokha@mekong.example", "not-the-password")
    unknown = refusal(page, "nobody@nowhere.example", "not-the-password")
    assert known == unknown != ""


def body_of(readers, path, reader):
    context = readers.context(reader)
    answer = context.request.get(path)
    status, body = answer.status, TOKEN.sub(b"", answer.body())
    context.close()
    return status, body


@pytest.mark.parametrize("reader", ["", MAINTAINER])
def test_inv_6_a_private_entry_answers_as_a_missing_one_byte_by_byte(readers, places, reader):
    missing = "udhr-wolof-00000000"
    for path in ("/datasets/{}/", "/datasets/{}/versions/1/", "/datasets/{}.jsonld", "/api/v1/datasets/{}/"):
        hidden = body_of(readers, path.format(places.private), reader)
        absent = body_of(readers, path.format(missing), reader)
        assert hidden[0] == absent[0] == 404
        assert hidden[1].replace(places.private.encode(), b"") == absent[1].replace(missing.encode(), b"")


def test_its_own_steward_opens_the_private_entry(visit, places):
    page = visit(f"/datasets/{places.private}/", "awa@sahel.example")
    assert page.locator("main").get_by_text("Private", exact=True).first.is_visible()


@pytest.mark.parametrize(
    ("path", "reader", "status"), [("/nowhere/", "", 404), ("/rounds/new/", STEWARD, 403)]
)
def test_an_error_looks_like_the_site_and_shows_the_way_on(visit, path, reader, status):
    page = visit(path, reader, expect=status)
    assert page.locator("header.masthead").is_visible()
    assert page.locator("main h1").is_visible()
    assert page.locator("main a").count() > 0
    assert "Traceback" not in page.content()


def test_the_first_key_press_leads_past_the_navigation(visit):
    page = visit("/datasets/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_chosen_theme_stays_on_the_next_page(visit):
    page = visit("/")
    page.select_option("[data-theme-switch]", "dark")
    page.goto("/datasets/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.input_value("[data-theme-switch]") == "dark"
