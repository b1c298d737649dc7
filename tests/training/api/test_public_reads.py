"""What everybody may read of rounds and bases, and what depends on who asks."""

import hashlib

import pytest
from django.test import Client

from tests.factories import make_dataset, make_person
from tests.training.api.signing_node import SigningNode, make_family, make_round
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_round_shows_how_far_each_node_is():
    dataset = make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    shown = Client().get(f"/api/v1/rounds/{round_.pk}/").json()
    assert (shown["state"], shown["base"]) == ("collecting", round_.base.digest)
    assert [job["node"] for job in shown["jobs"]] == [node.node.slug]
    assert shown["jobs"][0]["datasets"][0]["dataset"] == dataset.slug


def test_a_contribution_says_what_it_waits_for():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    node.train(round_)
    shown = Client().get(f"/api/v1/rounds/{round_.pk}/").json()["contributions"]
    assert shown[0]["missing"] == ["the admission check has to finish"]


def test_a_base_shows_its_recipe():
    base = make_family().checkpoints.get()
    shown = Client().get(f"/api/v1/checkpoints/{base.digest}/").json()
    assert (shown["recipe"], shown["parent"], shown["round"]) == (base.recipe, None, None)


def test_members_download_a_base_and_strangers_do_not():
    base = make_family().checkpoints.get()
    path = f"/api/v1/checkpoints/{base.digest}/weights"
    assert Client().get(path).json()["code"] == "consortium-only"
    response = signed_in(make_person("loom-institute")).get(path)
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == base.weights_sha256


def test_what_is_not_there_is_not_found():
    assert Client().get("/api/v1/rounds/999999/").status_code == 404
    assert Client().get(f"/api/v1/checkpoints/{'0' * 64}/").status_code == 404
