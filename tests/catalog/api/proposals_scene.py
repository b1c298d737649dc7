"""A proposer's member, another one, and everybody who may or may not touch a proposal; each has a client."""

import json
from dataclasses import dataclass, field

from django.test import Client

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.tokens.services import make_token
from tests.factories import make_member, make_person

BASE = "/api/v1/proposals/"
ROLES = {
    "own researcher": ("own", Role.RESEARCHER),
    "own steward": ("own", Role.STEWARD),
    "own maintainer": ("own", Role.MAINTAINER),
    "other researcher": ("other", Role.RESEARCHER),
    "other steward": ("other", Role.STEWARD),
    "maintainer": ("third", Role.MAINTAINER),
}


@dataclass
class Caller:
    """Somebody at the API: a session, or a token's header."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path="", **headers):
        return self.client.get(BASE + path, headers={**self.headers, **headers})

    def send(self, method, path="", body=None, *, tag=None, kind="application/json", **headers):
        condition = {"If-Match": tag} if tag else {}
        return self.client.generic(
            method.upper(),
            BASE + path,
            b"" if body is None else json.dumps(body).encode(),
            kind,
            headers={**self.headers, **condition, **headers},
        )

    def post(self, path="", body=None, **more):
        return self.send("post", path, {} if body is None else body, **more)


@dataclass
class Scene:
    """``people`` by what they are; ``own`` is the proposer's member."""

    own: Member
    people: dict[str, User]

    def caller(self, who: str) -> Caller:
        """The stranger, one of the people by session, or with "token of …" by token."""
        if who == "stranger":
            return Caller(Client())
        if who.startswith("token of "):
            _, token = make_token(actor=self.actor(who.removeprefix("token of ")), name="test", days=1)
            return Caller(Client(), {"Authorization": f"Token {token}"})
        client = Client()
        client.force_login(self.people[who])
        return Caller(client)

    def actor(self, who: str):
        return actor_of(self.people[who])


def make_scene() -> Scene:
    people = {who: make_person(make_member(slug), role) for who, (slug, role) in ROLES.items()}
    people["operator"] = User.objects.create_superuser("operator@example.org", "a good password", name="Op")
    return Scene(make_member("own"), people)
