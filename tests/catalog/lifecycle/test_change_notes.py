import pytest

from catalog.lifecycle.change_notes import write_change_note
from catalog.members.models import Role
from catalog.proposals.services import save_draft, start_proposal, submit_proposal
from catalog.tiers import Tier
from provenance.errors import Conflict, Invalid
from tests.factories import make_actor, make_dataset, make_draft, make_next_version

pytestmark = pytest.mark.django_db


def next_draft(dataset):
    actor = make_actor(dataset.member, Role.STEWARD)
    draft = start_proposal(actor=actor, member=dataset.member, dataset=dataset)
    record = {**draft.record, "affirmed": True}
    return actor, save_draft(actor=actor, proposal=draft, record=record, expected_revision=1)


def test_a_next_version_says_what_changed_or_is_not_submitted():
    actor, draft = next_draft(make_dataset())
    with pytest.raises(Invalid) as refused:
        submit_proposal(actor=actor, proposal=draft)
    assert set(refused.value.fields) == {"change_note"}


def test_what_changed_stands_beside_the_version_for_ever():
    dataset = make_next_version(make_dataset(), change_note="Ten pages proofread.")
    assert dataset.newest.change_note == "Ten pages proofread."


def test_a_first_version_has_nothing_that_changed():
    actor, draft = make_draft()
    with pytest.raises(Conflict, match="no earlier version"):
        write_change_note(actor=actor, proposal=draft, text="Everything", expected_revision=draft.revision)


def test_two_stewards_do_not_overwrite_each_others_note():
    actor, draft = next_draft(make_dataset(Tier.LOCAL_ONLY))
    write_change_note(actor=actor, proposal=draft, text="First", expected_revision=draft.revision)
    with pytest.raises(Conflict) as refused:
        write_change_note(actor=actor, proposal=draft, text="Second", expected_revision=draft.revision)
    assert refused.value.code == "revision-stale"
