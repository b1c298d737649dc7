"""Saving some answers on top of others' saves, also at the same moment on real connections."""

import pytest

from catalog.members.models import Role
from catalog.proposals.merging import shown
from catalog.proposals.services import save_answers, save_draft, start_proposal
from provenance.errors import Conflict
from provenance.events.models import Event
from tests.catalog.proposals.test_racing import at_once
from tests.factories import make_actor, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    member = make_member()
    return start_proposal(actor=make_actor(member, Role.STEWARD), member=member, record={"tier": "open"})


def saving(draft, answers, base=None):
    """A call that saves as a new steward of the member, who saw ``base``, at first nothing."""
    actor = make_actor(draft.member, Role.STEWARD)
    return lambda: save_answers(
        actor=actor, proposal=draft, answers=answers, base=base or {}, revision=draft.revision
    )


def test_of_many_who_save_different_answers_at_once_all_are_kept(draft):
    answers = {name: f"about {name}" for name in ("origin", "consent", "represents", "export_control")}
    at_once(*(saving(draft, {name: text}) for name, text in answers.items()))
    draft.refresh_from_db()
    assert draft.record == {"tier": "open", **answers}
    assert draft.revision == 1 + len(answers) == 1 + Event.objects.filter(action="proposal.saved").count()


def test_of_two_who_save_the_same_answer_at_once_one_is_shown_both(draft):
    first, second = at_once(saving(draft, {"origin": "A"}), saving(draft, {"origin": "B"}))
    draft.refresh_from_db()
    kept, other = draft.record["origin"], ({"A", "B"} - {draft.record["origin"]}).pop()
    (clash,) = (*first.clashes, *second.clashes)
    assert (clash.theirs, clash.mine) == (kept, other)


def test_parts_of_one_part_are_kept_of_both(draft):
    rights = ({"rights": {"attribution": True}}, {"rights": {"redistribution": "unknown"}})
    at_once(*(saving(draft, answers) for answers in rights))
    draft.refresh_from_db()
    assert draft.record["rights"] == {"attribution": True, "redistribution": "unknown"}


def test_an_answer_is_taken_away_by_who_saw_it(draft):
    saving(draft, {"origin": "A"})()
    saving(draft, {"origin": None}, base=shown({"origin": "A"}))()
    draft.refresh_from_db()
    assert draft.record == {"tier": "open"}


def test_what_is_not_new_is_not_written(draft):
    saving(draft, {"tier": "open"})()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_who_saved_last_is_kept(draft):
    actor = make_actor(draft.member, Role.STEWARD)
    save_draft(actor=actor, proposal=draft, record={"origin": "A"}, expected_revision=1)
    draft.refresh_from_db()
    assert draft.saved_by_id == actor.key


def test_a_draft_becomes_private_only_on_the_revision_that_was_confirmed(draft):
    saving(draft, {"origin": "A"})()
    with pytest.raises(Conflict) as refused:
        saving(draft, {"tier": "private"}, base=shown({"tier": "open"}))()
    assert refused.value.code == "revision-stale"
    draft.refresh_from_db()
    assert draft.record["origin"] == "A"


def test_a_draft_that_becomes_private_forgets_where_it_was_read_from(draft):
    type(draft).objects.filter(pk=draft.pk).update(intake={"source": "https://archive.example/card.md"})
    saving(draft, {"tier": "private"}, base=shown({"tier": "open"}))()
    draft.refresh_from_db()
    assert draft.intake == {}
