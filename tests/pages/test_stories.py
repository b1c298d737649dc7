"""Events in words: what, of what, by whom, and why not."""

import re
from pathlib import Path

import pytest

from catalog.pages.reasons import POLICY
from catalog.pages.stories import SENTENCES, tell
from catalog.policy.operations import Reason
from provenance.actors import ANONYMOUS, COORDINATOR
from provenance.events.models import Event, Outcome
from provenance.events.services import record_event
from tests.factories import make_actor, make_dataset, make_member

ROOT = Path(__file__).parents[2]
FLOORS = ("provenance", "catalog", "training")


def test_each_action_that_is_recorded_by_its_name_has_a_sentence():
    sources = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    named = re.compile(r'action="([a-z]+\.[a-z-]+)"')
    actions = {name for path in sources for name in named.findall(path.read_text("utf-8"))}
    assert len(actions) > 20
    assert actions - SENTENCES.keys() == set()


def test_each_reason_of_the_policy_has_words():
    assert POLICY.keys() == set(Reason)


@pytest.fixture
def entry(db):
    return make_dataset(title={"en": "Songs of the river"})


def test_a_beat_says_what_it_is_about_to_who_may_know(entry):
    own = make_actor(entry.member, "researcher")
    for audience in (f"member:{entry.member.slug}", "public"):
        record_event(
            actor=COORDINATOR, action="test.told", subject=f"dataset:{entry.slug}", audience=audience
        )
    type(entry).objects.filter(pk=entry.pk).update(audience=f"member:{entry.member.slug}")
    events = Event.objects.filter(action="test.told")
    assert {beat.about for beat in tell(events, reader=own, linked=True)} == {"Songs of the river"}
    assert {beat.about for beat in tell(events, reader=ANONYMOUS, linked=True)} == {""}


def test_neighbours_that_are_alike_are_one_beat(entry):
    own = make_actor(make_member(), "researcher")
    for path in ("a", "b", "c"):
        record_event(actor=COORDINATOR, action="data.read", subject=f"file:{path}")
    record_event(actor=COORDINATOR, action="test.other")
    events = Event.objects.filter(action__in=["data.read", "test.other"]).order_by("id")
    assert [(beat.title, beat.times) for beat in tell(events, reader=own)] == [
        ("Data read by a node", 3),
        ("Test other", 1),
    ]


def test_a_refusal_is_told_in_words(entry):
    why = [Reason.NOT_OWNER_NODE]
    record_event(actor=COORDINATOR, action="access.dispatch", outcome=Outcome.DENIED, reason_codes=why)
    (beat,) = tell(Event.objects.filter(action="access.dispatch"), reader=ANONYMOUS)
    assert (beat.actor, beat.detail) == ("The coordinator", "not a node of its owner")
