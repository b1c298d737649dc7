"""The pages of models made from the bases: registered, shown to each as far as the tier says, retired."""

import uuid

import pytest

from catalog.members.models import Role
from catalog.tiers import Tier
from tests.factories import make_dataset, make_member, make_person
from tests.training.api.signing_node import SigningNode, make_family
from training.checkpoints.models import Checkpoint
from training.derivatives.models import Derivative
from training.families.head import head_of
from training.nodes.builds import report_build

pytestmark = pytest.mark.django_db
HASH = "cd" * 32


@pytest.fixture
def base() -> Checkpoint:
    return head_of(make_family())


@pytest.fixture
def answers(base) -> dict[str, object]:
    return {
        "member": "danube",
        "base": base.digest,
        "tier": "train-only",
        "stages": ["sft"],
        "name": "Donau <b>",
        "intended_use": "Letters to the editor.",
        "caveats": "Not tested on verse.",
        "commitments": HASH,
        "affirmed": "on",
    }


@pytest.fixture
def registered(client, steward, answers) -> Derivative:
    client.force_login(steward)
    assert client.post("/derivatives/register/", answers).status_code == 302
    client.logout()
    return Derivative.objects.get()


def test_a_model_is_registered_and_read_as_its_tier_says(client, registered, steward):
    address = registered.get_absolute_url()
    outside = client.get(address).content.decode()
    assert "Donau &lt;b&gt;" in outside
    assert "for people of the consortium" in outside
    assert "Letters to the editor" not in outside
    assert HASH not in outside
    client.force_login(steward)
    inside = client.get(address).content.decode()
    assert "Letters to the editor" in inside
    assert HASH in inside
    assert "derivative:v1" not in client.get(f"{address}README.md").content.decode()


def test_a_refusal_keeps_what_was_entered_and_names_the_rule(client, steward, answers):
    make_dataset("local-only", slug="songs")
    client.force_login(steward)
    answer = client.post("/derivatives/register/", {**answers, "versions": "songs@1"})
    page = answer.content.decode()
    assert (answer.status_code, "at least as strict as local-only" in page) == (422, True)
    assert "Not tested on verse." in page
    assert client.post("/derivatives/register/", {**answers, "versions": "songs@9"}).status_code == 422


def test_inv_6_a_private_model_is_nowhere_for_others(client, steward, answers, base):
    lists = ("/derivatives/", base.get_absolute_url(), "/members/danube/derivatives/", "/log/")
    client.force_login(make_person("onlookers", Role.STEWARD))
    before = [client.get(address).content.count(b"derivative:") for address in lists]
    client.force_login(steward)
    hidden = dict.fromkeys(("name", "intended_use", "caveats"), "")
    answer = client.post("/derivatives/register/", {**answers, **hidden, "tier": str(Tier.PRIVATE)})
    made = Derivative.objects.get()
    assert answer.url == made.get_absolute_url()
    assert made.name in client.get("/derivatives/").content.decode()
    client.force_login(make_person("onlookers", Role.STEWARD))
    assert [client.get(address).content.count(b"derivative:") for address in lists] == before
    for address in (made.get_absolute_url(), f"{made.get_absolute_url()}README.md"):
        assert client.get(address).status_code == 404
    assert made.slug not in "".join(client.get(address).content.decode() for address in lists)
    assert client.get(f"/api/v1/derivatives/{made.slug}/").status_code == 404
    assert client.get("/api/v1/derivatives/").json()["results"] == []


def test_a_builds_report_fills_the_form(client, steward, base):
    node = SigningNode(make_member("danube")).node
    key = uuid.UUID("6b0e2a0a-58a4-4a5b-9a36-4f1b8a0f9b11")
    report = report_build(node, key=key, kind="private-dpo", base=base.digest)
    client.force_login(steward)
    form = client.get(f"/derivatives/register/?build={report.key}").context["form"]
    assert form.initial == {"base": base.digest, "stages": ["preference"]}


def test_it_is_retired_with_a_cause_by_its_member_alone(client, registered, steward):
    address = f"{registered.get_absolute_url()}retire/"
    client.force_login(make_person("onlookers", Role.STEWARD))
    assert client.post(address, {"cause": "mine"}).status_code == 403
    client.force_login(steward)
    assert client.post(address, {"cause": ""}).status_code == 422
    page = client.post(address, {"cause": "a better one"}, follow=True).content.decode()
    assert "does not want it used any more" in page


def test_a_program_registers_and_reads_with_a_token(client, steward, answers):
    said = {**answers, "card": {name: answers.pop(name) for name in ("intended_use", "caveats")}}
    said["commitments"] = [HASH]
    assert client.post("/api/v1/derivatives/", said, "application/json").status_code in (401, 403)
    client.force_login(steward)
    made = client.post("/api/v1/derivatives/", said, "application/json")
    assert (made.status_code, made.json()["commitments"]) == (201, [HASH])
    client.logout()
    told = client.get("/api/v1/derivatives/").json()["results"][0]
    assert (told["slug"], told["card"], told["commitments"]) == (made.json()["slug"], None, None)


def test_an_empty_list_teaches_the_next_step(client, steward):
    assert "A steward or maintainer" in client.get("/derivatives/").content.decode()
    client.force_login(steward)
    assert "/derivatives/register/" in client.get("/derivatives/").content.decode()
