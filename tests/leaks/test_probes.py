"""INV-6 from the other side: what may not be discovered answers every method as what is not there."""

import re
import uuid
from itertools import product

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.members.models import Role
from catalog.pages.proposals.steps import STEPS
from tests.factories import make_member, make_person
from tests.leaks.canaries import Planted
from tests.leaks.outputs import MEANT, Route, addresses, routes
from tests.leaks.world import TOO_MANY, World

pytestmark = pytest.mark.django_db
ENTRY_PLACES = {"slug", "key"}
METHODS = ("get", "post", "put", "patch", "delete")
ASKED_BY_ALL = ("get", "post")  # few addresses take another verb: one stranger asks those
# Differ by chance from one answer to the next: tokens against forgery, nonces, ids of requests.
CHANCE = re.compile(rb'(csrfmiddlewaretoken" value="|x-csrftoken": "|nonce="|nonce-)[^"\']+')


def is_hidden(planted: Planted) -> bool:
    return planted.state == "draft" or planted.tier == "private"


def entry_routes() -> list[Route]:
    """The routes that name an entry or its proposal."""
    return [
        route for route in routes() if ENTRY_PLACES.intersection(route.places) and route.name not in MEANT
    ]


def outsiders() -> dict[str, Client]:
    other = make_member("other-house")
    people = {role: make_person(other, role) for role in (Role.STEWARD, Role.MAINTAINER)}
    clients = {"anonymous": Client(), **{str(role): Client() for role in people}}
    for role, person in people.items():
        clients[str(role)].force_login(person)
    return clients


def answer(client: Client, method: str, address: str, hidden: dict[str, object]) -> tuple[int, bytes]:
    """Status and body, with the address's own names taken out on both sides."""
    cache.clear()  # counts of the throttle: this many questions in a minute are ours alone
    response = client.generic(method.upper(), address)
    assert response.status_code != TOO_MANY
    content = b"".join(response.streaming_content) if response.streaming else response.content
    for name in ENTRY_PLACES:
        content = content.replace(str(hidden[name]).encode(), b"<name>")
    return response.status_code, CHANCE.sub(rb"\1", content)


def differing(world: World, strangers: dict[str, Client], method: str) -> list[str]:
    """Which routes answer this method otherwise for something hidden than for something missing."""
    missing = {"slug": "entry-nowhere", "key": uuid.uuid4()}
    of_missing: dict[tuple[str, str], tuple[int, bytes]] = {}  # asked once, not once for each hidden entry
    found = []
    for planted in filter(is_hidden, world.planted):
        there = {**world.places, **planted.places, "step": STEPS[0].slug}  # no step is looked for before it
        nowhere = {**there, **missing}
        for route in entry_routes():
            pairs = zip(addresses(route, there), addresses(route, nowhere), strict=True)
            for (one, other), (who, client) in product(pairs, strangers.items()):
                if (who, other) not in of_missing:
                    of_missing[who, other] = answer(client, method, other, nowhere)
                if answer(client, method, one, there) != of_missing[who, other]:
                    found.append(f"{who}: {method} {route.name} tells of ({planted.name})")
    return sorted(set(found))


def test_inv_6_hidden_entries_answer_every_method_as_missing_ones(world: World, subtests: pytest.Subtests):
    strangers = outsiders()
    for method in METHODS:
        with subtests.test(method):
            known = Role.MAINTAINER.value
            asked = strangers if method in ASKED_BY_ALL else {known: strangers[known]}
            found = differing(world, asked, method)
            assert not found, "\n".join(found)
