"""Drafts: nothing entered is lost, and nobody but a steward of the member touches them."""

import pytest

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_pointers, save_draft, start_proposal, submit_proposal
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from tests.factories import (
    complete_record,
    make_actor,
    make_dataset,
    make_draft,
    make_member,
    make_submitted,
    pointer,
)

pytestmark = pytest.mark.django_db


def start(**given):
    member = make_member()
    actor = make_actor(member, Role.STEWARD)
    return actor, start_proposal(actor=actor, member=member, **given)


def test_an_empty_draft_can_be_started_and_is_named_once_it_has_a_title():
    actor, proposal = start()
    assert proposal.slug.startswith("draft-")
    record = {"title": {"vi": "Tuyên ngôn", "en": "The Declaration"}}
    saved = save_draft(actor=actor, proposal=proposal, record=record, expected_revision=1)
    assert (saved.slug, saved.revision) == ("the-declaration", 2)


def test_a_wrong_value_is_kept_in_a_draft():
    actor, proposal = start()
    record = {"licence": "mine", "languages": ["klingonese!"]}
    saved = save_draft(actor=actor, proposal=proposal, record=record, expected_revision=1)
    assert saved.record == record


def test_a_stale_save_is_refused_and_loses_nothing():
    actor, proposal = start()
    save_draft(actor=actor, proposal=proposal, record={"represents": "first"}, expected_revision=1)
    with pytest.raises(Conflict) as refused:
        save_draft(actor=actor, proposal=proposal, record={"represents": "second"}, expected_revision=1)
    assert refused.value.code == "revision-stale"
    assert Proposal.objects.get().record == {"represents": "first"}


@pytest.mark.parametrize("record", [{"colour": "red"}, {"consent": "a\0b"}, {"origin": "x" * 600_000}])
def test_what_is_no_record_is_refused(record):
    actor, proposal = start()
    with pytest.raises(Invalid) as refused:
        save_draft(actor=actor, proposal=proposal, record=record, expected_revision=1)
    assert refused.value.code == "record-malformed"


def test_a_backslash_before_u0000_is_text():
    actor, proposal = start()
    record = {"origin": "see \\u0000"}
    assert save_draft(actor=actor, proposal=proposal, record=record, expected_revision=1).record == record


def test_only_stewards_of_the_member_start_and_save():
    _, proposal = start()
    colleague = make_actor(proposal.member, Role.RESEARCHER)
    with pytest.raises(NotPermitted):
        save_draft(actor=colleague, proposal=proposal, record={}, expected_revision=1)
    with pytest.raises(NotFound):
        save_draft(
            actor=make_actor(make_member(), Role.STEWARD), proposal=proposal, record={}, expected_revision=1
        )


def test_a_tier_does_not_change_under_attached_files():
    actor, proposal = make_draft("open")
    with pytest.raises(Invalid) as refused:
        save_draft(
            actor=actor,
            proposal=proposal,
            record=complete_record("local-only"),
            expected_revision=proposal.revision,
        )
    assert (refused.value.code, refused.value.requirement) == ("files-forbid-tier", "INV-1")
    assert "Detach" in refused.value.remedy


def test_a_next_version_starts_from_the_newest_one():
    dataset = make_dataset()
    actor = make_actor(dataset.member, Role.STEWARD)
    draft = start_proposal(actor=actor, member=dataset.member, dataset=dataset)
    assert draft.files == [file.as_manifest() for file in dataset.newest.files.all()]
    assert draft.record == {**dataset.newest.record, "affirmed": False}


def test_an_incomplete_proposal_says_which_fields_are_missing():
    actor, proposal = start(record={"title": {"en": "A title"}})
    with pytest.raises(Invalid) as refused:
        submit_proposal(actor=actor, proposal=proposal)
    assert refused.value.code == "record-incomplete"
    assert {"summary", "tier", "rights", "files"} <= set(refused.value.fields)


def test_a_draft_is_logged_for_its_member_and_a_submission_for_the_consortium():
    _, proposal = make_submitted()
    audiences = dict(Event.objects.values_list("action", "audience"))
    assert audiences["proposal.started"] == f"member:{proposal.member.slug}"
    assert audiences["proposal.submitted"] == "consortium"


def test_the_same_path_is_attached_once():
    actor, proposal = make_draft("local-only")
    with pytest.raises(Invalid) as refused:
        attach_pointers(actor=actor, proposal=proposal, manifest=[pointer("vi.txt")])
    assert refused.value.code == "path-taken"


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a//b", "a\nb", ""])
def test_a_path_stays_inside_its_entry(path):
    actor, proposal = make_draft("local-only")
    with pytest.raises(Invalid) as refused:
        attach_pointers(actor=actor, proposal=proposal, manifest=[pointer(path)])
    assert list(refused.value.fields) == ["files.0.path"]
