import json

import pytest
from django.test import RequestFactory

from catalog.interchange.context import expand
from catalog.interchange.negotiation import wants_jsonld
from tests.catalog.api.entries import make_entry

DATASET, NEXT = "http://www.w3.org/ns/dcat#dataset", "http://www.w3.org/ns/hydra/core#next"


def harvest(client):
    seen, address = [], "/catalog.jsonld"
    while address:
        body = json.loads(client.get(address).content)
        seen += [node["identifier"] for node in body["dataset"]]
        address = body["view"].get("next")
    return seen, body


def test_a_harvester_sees_every_entry_once(client, own_places, db, monkeypatch):
    monkeypatch.setattr("catalog.interchange.catalog_document.PAGE", 3)
    [make_entry(f"e{number}") for number in range(7)]
    seen, last = harvest(client)
    assert seen == [f"e{number}" for number in range(7)]
    assert last["totalItems"] == "7"


def test_a_page_expands_without_any_fetch(client, four_tiers):
    (catalog,) = expand(json.loads(client.get("/catalog.jsonld").content))
    assert len(catalog[DATASET]) == 3


def test_inv_6_a_private_entry_changes_no_byte_for_outsiders(client, four_tiers):
    before = client.get("/catalog.jsonld").content
    make_entry("zz-sealed", "private")
    assert client.get("/catalog.jsonld").content == before
    assert b"private" not in before.replace(b"odrl", b"")


def test_inv_6_its_member_harvests_it(insider):
    assert "private-songs" in harvest(insider)[0]


@pytest.mark.parametrize("cursor", ["forged", "%00", "a:b:c"])
def test_a_forged_cursor_is_refused(client, four_tiers, cursor):
    answer = client.get(f"/catalog.jsonld?cursor={cursor}", headers={"accept": "application/ld+json"})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["cursor"])


@pytest.mark.usefixtures("known_terms")
def test_a_page_costs_the_same_queries_however_long_it_is(client, own_places, django_assert_num_queries):
    [make_entry(f"e{number:02}") for number in range(10)]
    with django_assert_num_queries(5):
        client.get("/catalog.jsonld")
    [make_entry(f"f{number:02}") for number in range(50)]
    with django_assert_num_queries(5):
        client.get("/catalog.jsonld")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/ld+json", True),
        ("application/ld+json, text/html;q=0.5", True),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_json_ld_is_sent_to_those_who_prefer_it(accept, wanted):
    assert wants_jsonld(RequestFactory().get("/", headers={"accept": accept})) is wanted
