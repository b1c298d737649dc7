import re

import pytest

from catalog.access.services import grant_access
from catalog.members.actors import actor_of
from tests.pages_access.conftest import READERS, Desk

STATUSES = {
    # path: anonymous, asker, steward of the owner, colleague of the steward, outsider
    "/access/": (302, 200, 200, 200, 200),
    "/datasets/entry-train-only/access/": (302, 200, 403, 403, 200),
    "/datasets/entry-local-only/access/": (302, 200, 403, 403, 200),
    "/datasets/entry-open/access/": (302, 403, 403, 403, 403),
    "{private}access/": (302, 404, 403, 403, 404),
    "/datasets/no-such-entry/access/": (302, 404, 404, 404, 404),
    "{request}": (302, 200, 200, 200, 404),
    "{request}revoke/": (302, 403, 409, 403, 404),
    "{granted}revoke/": (302, 403, 200, 403, 404),
    "{request}withdraw/": (302, 200, 403, 403, 404),
    "{granted}withdraw/": (302, 200, 403, 403, 404),
}
POSTS = {
    "{request}revoke/": (302, 403, 409, 403, 404),
    "{granted}revoke/": (302, 403, 422, 403, 404),
    "{request}withdraw/": (302, 422, 403, 403, 404),
    "{request}renew/": (302, 422, 403, 403, 404),
    "{request}decide/": (302, 403, 422, 403, 404),
}


@pytest.mark.parametrize("who", READERS)
def test_each_page_answers_each_reader_as_it_should(desk: Desk, who: str):
    browser, granted = desk.client(who), desk.ask("A model for midwives", desk.entries["local-only"])
    grant_access(actor=actor_of(desk.people["steward"]), request=granted)
    places = {
        "private": desk.entries["private"].get_absolute_url(),
        "request": desk.request.get_absolute_url(),
        "granted": granted.get_absolute_url(),
    }
    for asked, answer in ((STATUSES, browser.get), (POSTS, browser.post)):
        wanted = {path: statuses[READERS.index(who)] for path, statuses in asked.items()}
        assert {path: answer(path.format(**places)).status_code for path in asked} == wanted


def test_inv_6_a_request_of_others_looks_exactly_like_a_missing_one(desk: Desk):
    browser, key = desk.client("outsider"), str(desk.request.pk)
    nobodys = "00000000-0000-4000-8000-000000000000"

    def page(about):
        told = browser.get(f"/access/{about}/").content.decode().replace(about, "")
        return re.sub(r'(?<="x-csrftoken": )"\w+"', "", told)

    assert page(key) == page(nobodys)


@pytest.mark.parametrize("who", ["anonymous", "outsider"])
def test_no_page_tells_others_of_a_request(desk: Desk, who: str):
    browser = desk.client(who)
    pages = ["/log/", "/log/?action=access", "/access/?list=decided", "/datasets/entry-train-only/"]
    told = "".join(browser.get(path).content.decode() for path in pages)
    assert "A model for nurses" not in told
    assert str(desk.request.pk) not in told


def test_only_who_is_signed_in_has_the_section(desk: Desk):
    assert 'href="/access/"' not in desk.client("anonymous").get("/members/").content.decode()
    assert 'href="/access/"' in desk.client("asker").get("/members/").content.decode()


def test_an_entry_leads_those_to_the_form_who_could_be_granted_something(desk: Desk):
    for tier, wanted in (
        ("open", []),
        ("train-only", ["asker", "outsider"]),
        ("local-only", ["asker", "outsider"]),
    ):
        page, link = f"/datasets/entry-{tier}/", f"/datasets/entry-{tier}/access/"
        assert [who for who in READERS if link in desk.client(who).get(page).content.decode()] == wanted
