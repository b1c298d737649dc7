"""The same verbs for programs: hand in, set columns, repair, submit."""

import pytest
from django.test import Client

from catalog.batches.models import Batch
from catalog.batches.working import run_batch
from catalog.members.models import Role
from tests.catalog.batches.conftest import Desk, start
from tests.factories import make_person

BATCHES = "/api/v1/batches/"
TABLE = b"title,URL,licence\nSongs,https://a.example/1,MIT\nTales,nowhere,MIT\n"


@pytest.fixture
def small(db: None) -> Desk:
    return start(TABLE)


@pytest.fixture
def client(small) -> Client:
    browser = Client()
    browser.force_login(small.person)
    return browser


def post(client: Client, data: bytes, kind: str = "text/csv", member: str = "archive"):
    return client.post(f"{BATCHES}?member={member}&name=t.csv", data, content_type=kind)


def worked(client: Client, small: Desk) -> str:
    """The address of the batch, its rows read."""
    address = f"{BATCHES}{small.batch.pk}/"
    columns = [{"column": column, "path": path} for column, path in small.batch.columns]
    answer = client.put(f"{address}columns/", {"columns": columns}, content_type="application/json")
    assert answer.status_code == 202
    run_batch(small.batch.pk)
    return address


def test_a_table_is_handed_in_as_the_body(client):
    answer = post(client, TABLE)
    assert (answer.status_code, answer.json()["counts"]["waiting"]) == (201, 2)
    assert answer.json()["columns"][1] == {"column": "URL", "path": "located_at"}
    assert answer["Location"].endswith(f"{BATCHES}{answer.json()['id']}/")


@pytest.mark.parametrize(("data", "code"), [(b"PK\x03\x04", "not-a-table"), (b'{"a": 1}', "json-no-objects")])
def test_what_is_no_table_is_a_problem_with_a_remedy(client, data, code):
    answer = post(client, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["remedy"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_is_no_table(client):
    assert client.post(f"{BATCHES}?member=archive", {"file": "x"}).status_code == 415


def test_rows_are_read_repaired_and_left_out(client, small):
    address = worked(client, small)
    (row,) = client.get(f"{address}rows/?state=faulty").json()["results"]
    assert row["faults"][0]["code"] == "address-malformed"
    one = f"{address}rows/{row['number']}/"
    answer = client.patch(one, {"values": {"URL": "https://a.example/2"}}, content_type="application/json")
    assert (answer.json()["state"], answer.json()["faults"]) == ("drafted", [])
    again = client.patch(one, {"left_out": True}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "row-settled")


def test_submitting_tells_of_each_row_what_blocks_it(client, small):
    address = worked(client, small)
    answer = client.post(f"{address}submit/", {"affirmed": True}, content_type="application/json").json()
    assert (answer["submitted"], [each["number"] for each in answer["blocked"]]) == ([], [1])
    assert "Still missing: themes." in answer["blocked"][0]["fields"]["themes"]
    refused = client.post(f"{address}submit/", {"affirmed": False}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not-affirmed")


@pytest.mark.parametrize(("slug", "role"), [("elsewhere", Role.STEWARD), ("archive", Role.RESEARCHER)])
def test_inv_6_others_find_no_batch(small, slug, role):
    other = Client()
    other.force_login(make_person(slug, role))
    for path in ("", "rows/", "rows/1/"):
        assert other.get(f"{BATCHES}{small.batch.pk}/{path}").status_code == 404
    assert other.get(BATCHES).json()["results"] == []
    assert post(other, TABLE).status_code == 403


def test_a_batch_is_forgotten(client, small):
    assert client.delete(f"{BATCHES}{small.batch.pk}/").status_code == 204
    assert not Batch.objects.exists()
