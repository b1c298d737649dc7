"""Programs give opinions with a token. They are shown and never count (INV-7)."""

import pytest
from django.test import Client

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.tokens.services import make_token
from tests.factories import make_person
from training.contributions.models import Decision
from training.contributions.review_models import Opinion

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(in_review):
    person = make_person("watchers", Role.MAINTAINER)
    _token, secret = make_token(actor=actor_of(person), name="norm watcher", days=1)

    def post(client=None, secret=secret, **said):
        headers = {"Authorization": f"Token {secret}"} if secret else {}
        body = {"program": "norm-watcher", "verdict": "accept", "text": "Norms are plain.", **said}
        return (client or Client()).post(
            f"/api/v1/contributions/{in_review.digest}/opinions", body, "application/json", headers=headers
        )

    post.person = person
    return post


def test_inv_7_opinions_never_enter_the_quorum(send, in_review):
    for program in ("one", "two", "three"):
        assert send(program=program).status_code == 201
    in_review.refresh_from_db()
    assert in_review.state == "admitted"
    assert not Decision.objects.exists()


def test_the_last_opinion_of_a_program_stands(send, in_review):
    send()
    assert send(verdict="quarantine", text="Looked again.").json()["counts"] is False
    address = f"/api/v1/contributions/{in_review.digest}/opinions"
    assert Client().get(address).status_code == 403
    member = Client()
    member.force_login(send.person)
    assert [each["text"] for each in member.get(address).json()] == ["Looked again."]


def test_a_session_gives_no_opinion(send):
    client = Client()
    client.force_login(send.person)
    answer = send(client, secret="")
    assert (answer.status_code, answer.json()["code"]) == (403, "token-required")
    assert not Opinion.objects.exists()


def test_a_malformed_opinion_is_refused_with_its_fields(send):
    answer = send(verdict="merge", program="")
    assert answer.status_code == 400
    assert {"verdict", "program"} <= set(answer.json()["fields"])
