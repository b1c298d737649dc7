"""Private drafts: a seal by a node of the member comes in, everything else is forgotten or refused."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_seal, save_draft, start_proposal, submit_proposal
from provenance.errors import Invalid
from provenance.events.models import Event
from provenance.lineage.models import Statement
from provenance.signing.attestations import sign_seal
from provenance.signing.keys import PrivateKey
from tests.factories import (
    complete_record,
    make_actor,
    make_dataset,
    make_draft,
    make_member,
    make_node_key,
    make_submitted,
    sealed,
)
from training.nodes.models import Node

pytestmark = pytest.mark.django_db
PRIVATE = {"tier": "private", "affirmed": True}
NOW = datetime.now(UTC)


@pytest.fixture
def member():
    return make_member("archive")


@pytest.fixture
def steward(member):
    return make_actor(member, Role.STEWARD)


@pytest.fixture
def draft(member, steward):
    return start_proposal(actor=steward, member=member, record=PRIVATE)


def refusal(steward, draft, envelope):
    with pytest.raises(Invalid) as refused:
        attach_seal(actor=steward, proposal=draft, envelope=envelope)
    assert "envelope" in refused.value.fields
    assert Proposal.objects.get().record == PRIVATE
    return refused.value.code


def save(steward, proposal, **changes):
    record = {**proposal.record, **changes}
    return save_draft(actor=steward, proposal=proposal, record=record, expected_revision=proposal.revision)


def test_a_seal_by_a_node_of_the_member_is_all_that_the_draft_holds(member, steward, draft):
    key = make_node_key(member)
    envelope = sign_seal("a" * 64, key=key, at=NOW)
    record = attach_seal(actor=steward, proposal=draft, envelope=envelope).record
    kept = Statement.objects.get(digest=record["statement"])
    assert set(record) == {"tier", "affirmed", "commitment", "node", "sealed_at", "statement"}
    assert (record["commitment"], record["node"], kept.envelope) == ("a" * 64, key.did, envelope)


def test_what_rides_along_with_the_envelope_is_not_kept(member, steward, draft):
    envelope = {**sealed(member), "title": "Letters of a court"}
    record = attach_seal(actor=steward, proposal=draft, envelope=envelope).record
    assert "title" not in Statement.objects.get(digest=record["statement"]).envelope


def test_a_seal_by_a_stranger_or_another_members_node_is_refused(steward, draft):
    stranger = sign_seal("a" * 64, key=PrivateKey.generate(), at=NOW)
    assert refusal(steward, draft, stranger) == "seal-signer-unknown"
    assert refusal(steward, draft, sealed(make_member())) == "seal-signer-unknown"


@pytest.mark.parametrize("state", ["pending", "suspended", "revoked"])
def test_a_seal_by_a_node_that_may_not_take_part_is_refused(member, steward, draft, state):
    key = PrivateKey.generate()
    Node.objects.create(
        slug="n", name="N", member=member, did=key.did, form="sovereign", state=state, jurisdiction="VN"
    )
    assert refusal(steward, draft, sign_seal("a" * 64, key=key, at=NOW)) == "seal-signer-unknown"


def test_a_seal_from_the_future_or_none_at_all_is_refused(member, steward, draft):
    late = sign_seal("a" * 64, key=make_node_key(member), at=NOW + timedelta(days=1))
    assert refusal(steward, draft, late) == "seal-from-the-future"
    assert refusal(steward, draft, {"title": "Letters"}) == "seal-malformed"


def test_only_private_drafts_are_sealed(member):
    steward, draft = make_draft("local-only", member=member)
    with pytest.raises(Invalid) as refused:
        attach_seal(actor=steward, proposal=draft, envelope=sealed(member))
    assert refused.value.code == "seal-not-accepted"


def test_a_draft_that_becomes_private_forgets_everything_else_for_good():
    steward, draft = make_draft("local-only", slug="letters-of-a-court")
    Proposal.objects.update(change_note="The king's own hand")
    saved = save(steward, draft, tier="private")
    assert (saved.record, saved.files, saved.change_note) == (PRIVATE, [], "")
    assert saved.slug.startswith("sealed-")
    assert Event.objects.get(action="proposal.made-private").details == {"revision": saved.revision}
    told = str(list(Event.objects.values()))
    assert not any(word in told for word in ("letters-of-a-court", "king", "vi.txt", "Declarations"))


def test_a_draft_that_is_private_no_more_loses_its_seal():
    steward, draft = make_draft("private")
    saved = save(steward, draft, tier="open", title={"en": "Letters"})
    assert set(saved.record) == {"tier", "affirmed", "title"}
    assert saved.slug == "letters"


def test_a_seal_comes_in_by_no_other_door(member, steward, draft):
    forged = {"commitment": "b" * 64, "node": "did:key:z6Mk", "statement": "c" * 64, "title": {"en": "x"}}
    assert save(steward, draft, **forged).record == PRIVATE
    assert start_proposal(actor=steward, member=member, record={**PRIVATE, **forged}).record == PRIVATE


def test_saving_a_sealed_draft_keeps_its_seal():
    steward, draft = make_draft("private")
    assert save(steward, draft, affirmed=True).record == draft.record


def test_a_draft_without_its_seal_can_not_be_handed_in(steward, draft):
    with pytest.raises(Invalid) as refused:
        submit_proposal(actor=steward, proposal=draft)
    assert (refused.value.code, "seal" in refused.value.fields) == ("record-incomplete", True)


def test_a_next_version_needs_a_new_seal():
    steward, proposal = make_submitted("private")
    proposal.refresh_from_db()
    following = start_proposal(actor=steward, member=proposal.member, dataset=proposal.dataset)
    assert following.record == {"tier": "private", "affirmed": False}
    following = save(steward, following, affirmed=True)
    Node.objects.update(state="active")
    old = Statement.objects.get(digest=proposal.dataset.newest.record["statement"]).envelope
    with pytest.raises(Invalid, match="this very seal"):
        attach_seal(actor=steward, proposal=following, envelope=old)
    attach_seal(actor=steward, proposal=following, envelope=sealed(proposal.member))
    submit_proposal(actor=steward, proposal=following)
    assert proposal.dataset.newest.number == 2


@pytest.mark.parametrize(("tier", "other"), [("private", "open"), ("open", "private")])
def test_an_entry_is_private_for_ever_or_never(tier, other):
    dataset = make_dataset(tier)
    steward = make_actor(dataset.member, Role.STEWARD)
    draft = start_proposal(actor=steward, member=dataset.member, dataset=dataset)
    for touch in (
        lambda: save(steward, draft, tier=other),
        lambda: start_proposal(
            actor=steward, member=dataset.member, dataset=dataset, record=complete_record(other)
        ),
    ):
        with pytest.raises(Invalid) as refused:
            touch()
        assert refused.value.code == "tier-sealed"
