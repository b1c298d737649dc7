"""Rules and votes for programs."""

import pytest
from rest_framework.test import APIClient

from catalog.members.models import Role, User
from provenance.events.models import Event
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db
MOVE = {"kind": "setting", "change": {"key": "review.quorum", "value": 3}, "reason": "More of us read now."}
LOTUS = {
    "slug": "lotus",
    "name": "Lotus",
    "region": "Asia",
    "country": "VN",
    "maintainer": {"name": "Lan", "email": "lan@lotus.example"},
}


@pytest.fixture
def clients() -> list[APIClient]:
    return [client_of(make_person(make_member(f"member-{n}"), Role.MAINTAINER)) for n in range(5)]


def client_of(person: User | None = None) -> APIClient:
    client = APIClient()
    if person:
        client.force_login(person)
    return client


def post(client, path, body=None):
    return client.post(f"/api/v1/{path}", body or {}, format="json")


def test_a_motion_is_opened_voted_on_and_in_force(clients):
    opened = post(clients[0], "motions/", MOVE)
    assert opened.status_code == 201
    path = f"motions/{opened.json()['id']}/ballots/"
    assert [post(client, path, {"choice": "yes"}).status_code for client in clients[:3]] == [201] * 3
    rules = {each["key"]: each for each in client_of().get("/api/v1/rules/").json()["results"]}
    assert rules["review.quorum"]["value"] == 3
    assert rules["review.quorum"]["motion"].endswith(f"/governance/motions/{opened.json()['id']}/")


def test_everybody_reads_motions_with_their_ballots(clients, django_assert_max_num_queries):
    for key in ("review.days", "appeal.days", "motion.days"):
        motion = post(clients[0], "motions/", {**MOVE, "change": {"key": key, "value": 7}}).json()
        post(clients[1], f"motions/{motion['id']}/ballots/", {"choice": "no", "note": "Too short."})
    with django_assert_max_num_queries(5):
        listed = client_of().get("/api/v1/motions/").json()["results"]
    assert listed[0]["ballots"][0]["note"] == "Too short."
    assert listed[0]["tally"] == {"yes": 0, "no": 1, "abstain": 0, "voices": 5, "needed": 3}
    one = client_of().get(f"/api/v1/motions/{motion['id']}/").json()
    assert one == listed[0]


def test_the_first_maintainer_of_a_new_member_is_told_to_members_alone(clients):
    motion = post(clients[0], "motions/", {**MOVE, "kind": "member", "change": LOTUS}).json()
    assert motion["change"]["maintainer"]["name"] == "Lan"
    assert "maintainer" not in client_of().get(f"/api/v1/motions/{motion['id']}/").json()["change"]


def test_the_operator_is_refused_each_time_and_it_is_in_the_log(clients):
    motion = post(clients[0], "motions/", MOVE).json()
    operator = client_of(User.objects.create_superuser("operator@example.org", "a good one", name="Operator"))
    asked = ("motions/", f"motions/{motion['id']}/ballots/", f"motions/{motion['id']}/withdraw/")
    answers = [post(operator, path, {**MOVE, "choice": "yes"}) for path in asked]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, "not-a-maintainer")
    ] * 3
    assert Event.objects.filter(action="motion.refused", outcome="denied").count() == 3


def test_refusals_name_the_field_and_the_code(clients):
    wrong = post(clients[0], "motions/", {**MOVE, "change": {"key": "review.quorum", "value": 5}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "value-unreachable")
    assert "value" in wrong.json()["fields"]
    assert post(client_of(), "motions/", MOVE).status_code in {401, 403}
    assert post(clients[0], "motions/", {**MOVE, "member": "nobody"}).json()["code"] == "member-unknown"


def test_the_mover_takes_it_back(clients):
    motion = post(clients[0], "motions/", MOVE).json()
    path = f"motions/{motion['id']}/withdraw/"
    assert post(clients[1], path).status_code == 403
    assert post(clients[0], path).json()["state"] == "withdrawn"
    assert post(clients[0], path).json()["code"] == "motion-not-open"
