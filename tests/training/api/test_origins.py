"""What a base was made of: for members and their nodes, and of each update only when its round collected."""

import hashlib

import pytest
from django.test import Client

from catalog.datasets.models import Dataset
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, delta, make_round
from tests.training.rounds.playing import decide_all, measure_all, train_all
from training.contributions.models import Contribution
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    """Base 1 of a family, from the updates of two nodes."""
    make_dataset("open")
    nodes, round_ = [SigningNode(), SigningNode()], make_round()
    advance(round_.pk)
    return decide_all(measure_all(train_all(round_, nodes), nodes)).result


def test_a_base_tells_its_document_and_the_signed_words_on_its_updates(base):
    told = SigningNode().get(f"/api/v1/checkpoints/{base.digest}/origin").json()
    assert told["document"]["recipe"] == base.recipe
    assert [each["digest"] for each in told["contributions"]] == base.recipe["contributions"]
    assert all(each["kept"] and each["statement"]["signatures"] for each in told["contributions"])


def test_only_members_read_it(base):
    update = base.recipe["contributions"][0]
    for path in (f"checkpoints/{base.digest}/origin", f"contributions/{update}/weights"):
        answer = Client().get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "consortium-only")


def test_a_statement_that_names_hidden_data_is_given_to_nobody_who_may_not_know_of_them(base):
    Dataset.objects.update(audience="member:somebody-else")
    told = SigningNode().get(f"/api/v1/checkpoints/{base.digest}/origin").json()
    assert [each["statement"] for each in told["contributions"]] == [None, None]


def test_the_bytes_of_an_update_are_read_when_the_round_has_collected():
    make_dataset("open")
    nodes, round_ = [SigningNode(), SigningNode()], make_round()
    advance(round_.pk)
    nodes[0].train(round_)
    path = f"/api/v1/contributions/{Contribution.objects.get().digest}/weights"
    assert nodes[1].get(path).status_code == 404
    nodes[1].train(round_, seed=2)
    advance(round_.pk)
    answer = nodes[1].get(path)
    assert hashlib.sha256(b"".join(answer)).digest() == hashlib.sha256(delta(1)).digest()


def test_a_base_without_an_outer_optimizer_has_no_state(base):
    assert SigningNode().get(f"/api/v1/checkpoints/{base.digest}/server-state").status_code == 404
