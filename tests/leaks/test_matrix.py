"""The leak matrix: actor × tier × state × every output, two-sided. Nothing more is told, and nothing less."""

from collections import defaultdict
from collections.abc import Container
from functools import cache

import pytest

from catalog.notifications.reading import unread_count
from catalog.templatetags import notifications
from tests.leaks.canaries import Level, found_in
from tests.leaks.expectations import ACTORS, EXPECTED
from tests.leaks.outputs import ALIKE, addresses, routes
from tests.leaks.world import TIERS, World

pytestmark = pytest.mark.django_db
Learned = dict[str, dict[str, set[Level]]]


@pytest.fixture
def counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The masthead's number is counted once a reader: it can hold no canary, and took a third of the time."""
    monkeypatch.setattr(notifications, "unread_count", cache(unread_count))


def every_address(world: World) -> dict[str, set[str]]:
    """Every address of the program, filled in for every entry, by route."""
    found: dict[str, set[str]] = defaultdict(set)
    for route in routes():
        for planted in world.planted:
            found[route.name].update(addresses(route, {**world.places, **planted.places}))
    return found


def told_to(world: World, actor: str, *, only: Container[str] | None = None) -> Learned:
    """What each entry's canaries show that the actor learned, by entry and route."""
    learned: Learned = {one.name: defaultdict(set) for one in world.planted}
    for route, paths in every_address(world).items():
        if only is None and route in ALIKE and actor != ACTORS[0]:
            continue
        for path in sorted(paths) if only is None or route in only else ():
            told = world.ask[actor](path)
            for planted in world.planted:
                learned[planted.name][route] |= found_in(told, planted, address=path)
    return learned


def leaks(world: World, actor: str, learned: Learned) -> list[str]:
    """What the actor learned and should not have."""
    return [
        f"{actor} learned {', '.join(sorted(more))} of ({planted.name}) from {route}"
        for planted in world.planted
        for route, levels in learned[planted.name].items()
        if (more := levels - EXPECTED[planted.tier, planted.state][actor])
    ]


def silences(world: World, actor: str, learned: Learned) -> list[str]:
    """What the actor should have learned and did not: a matrix of empty answers would prove nothing."""
    return [
        f"{actor} could not learn {level} of ({planted.name})"
        for planted in world.planted
        for level in EXPECTED[planted.tier, planted.state][actor]
        if planted.canaries.get(level) and level not in set().union(*learned[planted.name].values())
    ]


@pytest.mark.usefixtures("counted_once")
def test_each_actor_learns_exactly_what_the_tiers_allow(world: World, subtests: pytest.Subtests):
    for actor in ACTORS:
        with subtests.test(actor):
            learned = told_to(world, actor)
            wrong = leaks(world, actor, learned) + silences(world, actor, learned)
            assert not wrong, "\n".join(wrong)


def test_the_matrix_has_a_row_for_every_tier_and_state():
    assert {tier for tier, _ in EXPECTED} == set(TIERS)
    assert {state for _, state in EXPECTED} == {"draft", "published", "withdrawn"}
    assert all(set(row) == set(ACTORS) for row in EXPECTED.values())
