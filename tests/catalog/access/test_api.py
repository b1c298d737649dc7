"""Requests for access by API: the services' answers, for the two members alone."""

import pytest
from django.test import Client

from catalog.access.models import AccessRequest
from catalog.members.models import User
from catalog.tiers import Tier
from provenance.actors import Actor
from tests.factories import make_dataset

ASK = "/api/v1/datasets/{}/access/"
LIST = "/api/v1/access/"
WORDS = {"member": "asking", "project": "A model for nurses", "scope": "Fine-tuning, two runs", "days": 30}


def client_of(actor: Actor, *, checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks)
    client.force_login(User.objects.get(pk=actor.key))
    return client


def ask(client, slug="songs", **changes):
    return client.post(ASK.format(slug), {**WORDS, **changes}, content_type="application/json")


def test_a_member_asks_and_both_members_find_it(scene):
    answer = ask(client_of(scene.researcher))
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert (said["dataset"], said["member"], said["owner"]) == ("songs", "asking", "owner")
    assert (said["state"], said["purpose"], said["days"]) == ("submitted", "sovereign-build", 30)
    assert answer["Location"] == said["url"]
    for party in (scene.researcher, scene.steward):
        assert [each["id"] for each in client_of(party).get(LIST).json()["results"]] == [said["id"]]


def test_inv_6_nobody_else_finds_it(scene):
    scene.ask()
    assert client_of(scene.outsider).get(LIST).json() == {"next": None, "previous": None, "results": []}
    assert Client().get(LIST).status_code == ask(Client()).status_code == 403


def test_inv_6_a_hidden_entry_is_a_missing_one_whatever_the_body_says(scene):
    hidden = make_dataset(Tier.PRIVATE)
    client = client_of(scene.researcher)
    missing = ask(client, "nothing-is-called-so")
    assert missing.status_code == 404
    for changes in ({}, {"days": "many"}, {"member": "nobody"}):
        assert ask(client, hidden.slug, **changes).content == missing.content


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"days": 731}, 400, "days"),
        ({"purpose": "fun"}, 400, "purpose"),
        ({"project": ""}, 400, "project"),
        ({"member": "nobody-at-all"}, 422, "member"),
    ],
)
def test_what_is_wrong_is_named(scene, changes, status, field):
    answer = ask(client_of(scene.researcher), **changes)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert field in answer.json()["fields"]


def test_the_services_refusals_come_with_their_codes(scene):
    client = client_of(scene.researcher)
    assert ask(client, member="owner").json()["code"] == "not-a-member"
    assert ask(client, purpose="evaluation").json()["code"] == "no-grant-needed"
    assert ask(client).status_code == 201
    again = ask(client)
    assert (again.status_code, again.json()["code"]) == (409, "already-asked")


def test_a_request_without_the_form_token_is_refused(scene):
    assert ask(client_of(scene.researcher, checks=True)).status_code == 403
    assert not AccessRequest.objects.exists()


def test_pages_follow_a_cursor_in_a_constant_number_of_queries(scene, django_assert_max_num_queries):
    slugs = [make_dataset(Tier.TRAIN_ONLY, member=scene.entry.member).slug for _ in range(5)]
    client = client_of(scene.researcher)
    keys = {ask(client, slug).json()["id"] for slug in slugs}
    found, address = set(), f"{LIST}?page_size=2"
    while address:
        with django_assert_max_num_queries(6):
            page = client.get(address).json()
        found |= {each["id"] for each in page["results"]}
        address = page["next"]
    assert found == keys
