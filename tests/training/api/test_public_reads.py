"""What everybody may read of rounds and bases, and what depends on who asks."""

import hashlib

import pytest
from django.test import Client

from tests.factories import make_dataset, make_person
from tests.training.api.signing_node import SigningNode, delta, make_family, make_maintainer, make_round
from tests.training.rounds.conftest import reach_deadline
from tests.training.rounds.playing import measure_all, train_all, work
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.contributions.re_executing import request_re_execution
from training.rounds.conductor import advance
from training.rounds.models import StragglerChoice
from training.rounds.stragglers import vote_on_stragglers

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


def test_figures_of_bytes_are_told_when_the_round_has_collected():
    make_dataset("open")
    nodes, round_ = [SigningNode(), SigningNode()], make_round()
    advance(round_.pk)
    path = f"/api/v1/rounds/{round_.pk}/"
    nodes[0].train(round_)
    check_contribution(Contribution.objects.get().pk)
    (early,) = Client().get(path).json()["contributions"]
    assert (early["admission"], early["encoding_error"]) == (None, None)
    assert "encoding_error" not in early["summary"]
    nodes[1].train(round_, seed=2)
    work(round_)
    late = Client().get(path).json()["contributions"]
    assert all(each["admission"]["norm"] > 0 for each in late)
    assert [each["encoding_error"] for each in late] == [0.0, 0.0]


def test_a_commitment_shows_its_hash_and_its_times():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    node.train(round_)
    (shown,) = Client().get(f"/api/v1/rounds/{round_.pk}/").json()["contributions"]
    assert (shown["state"], shown["codec"], shown["staleness"]) == ("received", "fp32", 0)
    assert shown["committed_at"] < shown["received_at"]
    assert shown["weights_sha256"] == hashlib.sha256(delta(1)).hexdigest()


def test_a_candidate_is_shown_as_one_and_has_no_page_of_its_own():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    measure_all(train_all(round_, [node]), [node])
    shown = Client().get(f"/api/v1/rounds/{round_.pk}/").json()
    standing = {each["checkpoint"]: each["standing"] for each in shown["evaluations"]}
    assert standing == {shown["base"]: "base", shown["candidate"]: "candidate"}
    assert Client().get(f"/api/v1/checkpoints/{shown['candidate']}/").status_code == 404


def test_a_round_shows_why_it_waits_and_what_came_out_of_a_re_execution():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    measure_all(train_all(round_, [node]), [node])
    other = SigningNode()
    request_re_execution(make_maintainer(), Contribution.objects.get(), other.node)
    shown = Client().get(f"/api/v1/rounds/{round_.pk}/").json()
    assert (shown["waiting_code"], shown["ballot"], shown["mode"]) == ("decisions", None, "synchronous")
    (asked,) = shown["contributions"][0]["re_executions"]
    assert (asked["node"], asked["state"], asked["identical"]) == (other.node.slug, "queued", None)


def test_an_open_vote_names_members_and_what_is_missing():
    make_dataset("open")
    nodes, round_ = [SigningNode(), SigningNode()], make_round()
    advance(round_.pk)
    nodes[0].train(round_)
    vote_on_stragglers(make_maintainer(), reach_deadline(round_), StragglerChoice.GO_ON)
    ballot = Client().get(f"/api/v1/rounds/{round_.pk}/").json()["ballot"]
    assert (ballot["needed"], [vote["choice"] for vote in ballot["votes"]]) == (2, ["go-on"])
    assert ballot["missing"][0]["node"] == nodes[1].node.slug
    assert nodes[1].node.member.slug not in ballot["voices"]


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
