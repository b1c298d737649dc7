"""The life of a request as people click it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.access.models import AccessRequest
from tests.pages_access.conftest import Desk

FORM = {"member": "asking", "purpose": "sovereign-build", "scope": "One run", "days": "20"}


def test_a_researcher_asks_and_the_request_waits(desk: Desk):
    browser = desk.client("asker")
    answer = browser.post("/datasets/entry-local-only/access/", {**FORM, "project": "Hospital"}, follow=True)
    assert "It waits for a data steward of Institute owner." in answer.content.decode()
    assert AccessRequest.objects.filter(project="Hospital", state="submitted").exists()


def test_what_was_typed_is_not_lost(desk: Desk):
    answer = desk.client("asker").post(
        "/datasets/entry-train-only/access/", {**FORM, "project": "Twice", "days": "20"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has asked for this already" in page
    assert 'value="Twice"' in page


def test_the_page_says_what_needs_no_request(desk: Desk):
    page = desk.client("asker").get("/datasets/entry-train-only/access/").content.decode()
    assert "What the tier permits" in page
    assert desk.request.project in page


def test_a_steward_grants_and_revokes(desk: Desk):
    browser, page = desk.client("steward"), desk.request.get_absolute_url()
    told = browser.post(f"{page}decide/", {"answer": "grant", "days": "5"}, follow=True).content.decode()
    assert "The grant runs" in told
    assert "Access granted" in told
    told = browser.post(f"{page}revoke/", {"note": "The community asked."}, follow=True).content.decode()
    assert "revoked the grant" in told


def test_the_steward_reads_that_it_is_her_turn_and_the_asker_whose(desk: Desk):
    page = desk.request.get_absolute_url()
    form = desk.client("steward").get(page).content.decode()
    assert "It waits for your decision." in form
    assert "A refusal needs a reason or a note." in form
    assert "Conditions were not kept" not in form
    assert "It waits for a data steward" in desk.client("asker").get(page).content.decode()


def test_giving_back_says_what_it_ends(desk: Desk):
    page = f"{desk.request.get_absolute_url()}withdraw/"
    asker = desk.client("asker")
    assert "Nobody decides it then" in asker.get(page).content.decode()
    desk.client("steward").post(page.replace("withdraw", "decide"), {"answer": "grant", "days": "5"})
    assert "The grant ends now" in asker.get(page).content.decode()
    asker.post(page, {"note": "Done."})
    ended = asker.get(page)
    assert ended.status_code == 409
    assert "nothing left to take back" in ended.content.decode()


def test_a_refusal_needs_a_reason(desk: Desk):
    browser, page = desk.client("steward"), desk.request.get_absolute_url()
    assert "Say why." in browser.post(f"{page}decide/", {"answer": "refuse"}).content.decode()
    answer = {"answer": "refuse", "reason_codes": ["scope-too-wide"]}
    told = browser.post(f"{page}decide/", answer, follow=True).content.decode()
    assert "The scope is wider than the purpose needs" in told


def test_a_grant_is_renewed_by_a_new_request(desk: Desk):
    page = desk.request.get_absolute_url()
    desk.client("steward").post(f"{page}decide/", {"answer": "grant", "days": "5"})
    answer = desk.client("asker").post(f"{page}renew/", {"days": "90"}, follow=True)
    renewal = AccessRequest.objects.get(renews=desk.request)
    assert answer.redirect_chain == [(renewal.get_absolute_url(), 302)]
    assert page in answer.content.decode()
    form = desk.client("steward").get(renewal.get_absolute_url()).content.decode()
    assert "Conditions were not kept" in form


def test_the_lists_count_and_empty_ones_teach(desk: Desk):
    steward, asker = desk.client("steward"), desk.client("asker")
    assert "A model for nurses" in steward.get("/access/").content.decode()
    assert "has asked for nothing" in steward.get("/access/?list=asked").content.decode()
    assert "A model for nurses" in asker.get("/access/").content.decode()
    assert "Nothing waits" in asker.get("/access/?list=waiting").content.decode()
    assert "has decided on nothing" in asker.get("/access/?list=decided").content.decode()


@pytest.mark.usefixtures("known_terms")
@pytest.mark.parametrize("who", ["steward", "asker"])
def test_a_list_costs_the_same_for_one_and_for_many(desk: Desk, who: str):
    browser = desk.client(who)

    def queries():
        browser.get("/access/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/access/").status_code == 200
        return len(captured)

    one = queries()
    row = AccessRequest.objects.get()
    shared = {"dataset": row.dataset, "member": row.member, "requested_by": row.requested_by}
    more = [AccessRequest(**shared, purpose="evaluation", project=f"P{n}", days=1) for n in range(30)]
    for each in more:
        each.state = "refused"
    AccessRequest.objects.bulk_create(more)
    assert queries() == one <= 8
