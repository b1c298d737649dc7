"""The same at the API: a draft from an address or a text, and refusals with stable codes."""

import json

import pytest
from django.test import Client

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from tests.catalog.intake.servers import CARD, serving
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db
FROM = "/api/v1/proposals/from/"


@pytest.fixture
def steward():
    browser = Client()
    browser.force_login(make_person(make_member("archive"), Role.STEWARD))
    return browser


def post(browser, **body):
    return browser.post(FROM, json.dumps({"member": "archive", **body}), "application/json")


def test_a_text_becomes_a_draft_with_notes(steward):
    answer = post(steward, document=CARD.decode(), name="README.md")
    body = answer.json()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/api/v1/proposals/{body['id']}/")
    assert (body["record"]["licence"], body["tier"]) == ("MIT", None)
    assert body["intake"]["source"] == "README.md"
    assert body["intake"]["unknown"]["contact"] == ""


def test_an_address_is_fetched(steward, settings):
    with serving() as server:
        host = f"127.0.0.1:{server.server_port}"
        settings.FETCH_ALLOWED = frozenset({host})
        answer = post(steward, url=f"http://{host}/card")
    assert answer.json()["intake"]["source"] == f"http://{host}/card"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"url": "https://example.org/", "document": "x"}, 400, "invalid"),
        ({"url": "http://169.254.169.254/"}, 422, "address-forbidden"),
        ({"document": "just words"}, 422, "description-unknown-kind"),
        ({"document": "---\na: [\n---\n"}, 422, "description-malformed"),
        ({"document": CARD.decode(), "member": "nobody"}, 422, "member-unknown"),
        ({"document": CARD.decode(), "dataset": "another"}, 422, "description-no-such-dataset"),
    ],
)
def test_refusals_have_codes_and_leave_no_draft(steward, body, status, code):
    answer = post(steward, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Proposal.objects.exists()


def test_only_stewards_of_the_member_begin(steward):
    make_member("elsewhere")
    assert post(steward, document=CARD.decode(), member="elsewhere").json()["code"] == "not-a-steward"
    assert post(Client(), document=CARD.decode()).status_code in {401, 403}


def test_nobody_asks_an_address_without_pause(steward):
    answers = [post(steward, url="http://127.0.0.1/").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
