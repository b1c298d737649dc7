import pytest

from catalog.datasets.services import withdraw_dataset
from catalog.lifecycle.notices import deprecate, reinstate, supersede
from catalog.lifecycle.standing import standings_of
from catalog.members.models import Role
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """A steward, two open entries of its member and a private one."""
    member = make_member()
    entries = [make_dataset(tier, member=member) for tier in (Tier.OPEN, Tier.OPEN, Tier.PRIVATE)]
    return make_actor(member, Role.STEWARD), *entries


def standing(dataset, actor=ANONYMOUS):
    return standings_of(actor, [dataset]).get((dataset.pk, None))


def test_a_deprecated_entry_says_why(shelf):
    steward, old, *_ = shelf
    deprecate(actor=steward, dataset=old, reason="Full of misprints.")
    assert (standing(old).kind, standing(old).reason) == ("deprecated", "Full of misprints.")


def test_one_version_is_deprecated_by_itself(shelf):
    steward, old, *_ = shelf
    deprecate(actor=steward, dataset=old, reason="Misprints.", version=old.newest)
    assert list(standings_of(ANONYMOUS, [old])) == [(old.pk, old.newest.pk)]


def test_what_was_said_can_be_taken_back_and_stays_in_the_log(shelf):
    steward, old, *_ = shelf
    deprecate(actor=steward, dataset=old, reason="Misprints.")
    reinstate(actor=steward, dataset=old, reason="They were none.")
    assert standing(old) is None
    assert Event.objects.filter(action__in=["dataset.deprecated", "dataset.reinstated"]).count() == 2


def test_there_must_be_something_to_take_back(shelf):
    with pytest.raises(Conflict) as refused:
        reinstate(actor=shelf[0], dataset=shelf[1], reason="Nothing.")
    assert refused.value.code == "nothing-to-reinstate"


def test_a_superseded_entry_leads_to_its_successor(shelf):
    steward, old, new, _ = shelf
    supersede(actor=steward, dataset=old, successor=new)
    assert (standing(old).kind, standing(old).successor) == ("superseded", new)


def test_successors_never_lead_back(shelf):
    steward, old, new, _ = shelf
    supersede(actor=steward, dataset=old, successor=new)
    third = make_dataset(member=old.member)
    supersede(actor=steward, dataset=new, successor=third)
    with pytest.raises(Invalid) as refused:
        supersede(actor=steward, dataset=third, successor=old)
    assert refused.value.code == "supersession-cycle"


def test_a_withdrawn_entry_is_no_successor(shelf):
    steward, old, new, _ = shelf
    withdraw_dataset(actor=steward, dataset=new, reason="Wrong.")
    with pytest.raises(Invalid) as refused:
        supersede(actor=steward, dataset=old, successor=new)
    assert refused.value.code == "successor-withdrawn"


def test_inv_6_a_successor_that_the_steward_may_not_discover_looks_missing(shelf):
    elsewhere = make_dataset(Tier.PRIVATE)
    with pytest.raises(Invalid) as refused:
        supersede(actor=shelf[0], dataset=shelf[1], successor=elsewhere)
    assert refused.value.code == "successor-unknown"


def test_inv_6_a_hidden_successor_shows_to_others_as_a_deprecation(shelf):
    steward, old, _, hidden = shelf
    supersede(actor=steward, dataset=old, successor=hidden, reason="Sealed now.")
    assert standing(old) == standing(old, make_actor(make_member()))
    assert (standing(old).kind, standing(old).successor) == ("deprecated", None)
    assert standing(old, steward).successor == hidden
    told = Event.objects.visible_to(ANONYMOUS.audiences).filter(subject=f"dataset:{old.slug}")
    assert "dataset.superseded" not in told.values_list("action", flat=True)
    assert not any(hidden.slug in str(event.details) for event in told)


def test_the_same_is_not_said_twice(shelf):
    steward, old, *_ = shelf
    deprecate(actor=steward, dataset=old, reason="Misprints.")
    with pytest.raises(Conflict) as refused:
        deprecate(actor=steward, dataset=old, reason="Misprints.")
    assert refused.value.code == "notice-stands"


def test_only_its_member_says_something_of_an_entry(shelf):
    with pytest.raises(NotPermitted):
        deprecate(actor=make_actor(make_member(), Role.STEWARD), dataset=shelf[1], reason="Bad.")


def test_nothing_is_said_of_private_data(shelf):
    with pytest.raises(Conflict) as refused:
        deprecate(actor=shelf[0], dataset=shelf[3], reason="Old.")
    assert refused.value.code == "sealed"
