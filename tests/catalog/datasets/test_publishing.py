"""A publication: an immutable version under one digest, its artifact, its signed statement, its event."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.datasets.services import publish_version, withdraw_dataset
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import start_proposal
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from provenance.identity.services import coordinator_key, coordinator_key_id
from provenance.lineage.models import Artifact, Statement
from provenance.signing.canonical import digest
from provenance.signing.dsse import open_envelope
from tests.factories import approve, make_actor, make_dataset, make_member, make_next_version, make_submitted

pytestmark = pytest.mark.django_db


def next_version(dataset, **changes):
    return make_next_version(dataset, **changes).newest


def test_a_versions_digest_covers_its_record_and_its_files():
    version = make_dataset(slug="declarations").newest
    content = {
        "dataset": "declarations",
        "version": 1,
        "tier": "open",
        "record": version.record,
        "files": [file.as_manifest() for file in version.files.order_by("path")],
    }
    assert version.digest == digest(content)


def test_language_shares_are_computed_by_bytes():
    version = make_dataset(texts={"vi": b"a" * 300, "fr": b"b" * 100}).newest
    assert version.languages == [{"tag": "vi", "share": 0.75}, {"tag": "fr", "share": 0.25}]
    assert version.bytes == 400


def test_versions_count_up_and_the_entry_mirrors_the_newest():
    dataset = make_dataset()
    assert next_version(dataset, licence="MIT").number == 2
    dataset.refresh_from_db()
    assert dataset.licence == "MIT"
    assert dataset.versions.get(number=1).record["licence"] == "CC-BY-4.0"


def test_the_coordinator_signs_the_publication():
    version = make_dataset().newest
    artifact = Artifact.objects.get(digest=version.digest)
    envelope = Statement.objects.get(digest=artifact.snapshot["statement"]).envelope
    opened = open_envelope(envelope, keys={coordinator_key_id(): coordinator_key().public})
    assert opened.payload["subject"][0]["digest"] == {"sha256": version.digest}
    assert opened.payload["predicate"]["approval"].startswith("proposal:")


def test_the_snapshot_tells_what_was_true_then():
    dataset = make_dataset("local-only", slug="letters")
    snapshot = Artifact.objects.get(digest=dataset.newest.digest).snapshot
    told = (snapshot["tier"], snapshot["upstreamTier"], snapshot["licence"], snapshot["member"])
    assert told == ("local-only", "local-only", "CC-BY-4.0", dataset.member.slug)


def test_a_private_publication_is_known_to_its_member_alone():
    dataset = make_dataset("private")
    own = f"member:{dataset.member.slug}"
    assert dataset.audience == own
    assert Artifact.objects.get().audience == own
    about_it = Event.objects.filter(action__regex="^(proposal|dataset)")
    assert set(about_it.values_list("audience", flat=True)) == {own}


def test_inv_6_a_private_name_takes_no_name_from_others():
    hidden = make_dataset("private", slug="court-letters")
    assert make_dataset("open", slug="court-letters").slug == "court-letters"
    assert hidden.slug == f"sealed-{hidden.newest.record['commitment'][:16]}"


def test_a_taken_public_name_gets_a_number():
    assert [make_dataset(slug="letters").slug for _ in range(3)] == ["letters", "letters-2", "letters-3"]


def test_inv_6_an_entry_that_became_open_does_not_show_its_private_versions():
    dataset = make_dataset("private")
    first = dataset.newest
    Dataset.objects.filter(pk=dataset.pk).update(tier="open", audience="public")
    owner = make_actor(dataset.member, Role.RESEARCHER)
    stranger = make_actor(make_member(), Role.MAINTAINER)
    assert list(DatasetVersion.objects.visible_to(owner)) == [first]
    assert not DatasetVersion.objects.visible_to(stranger).exists()


def test_only_an_accepted_proposal_is_published_and_only_once():
    steward, proposal = make_submitted()
    with pytest.raises(Conflict) as refused:
        publish_version(actor=steward, proposal=proposal)
    assert refused.value.code == "not-accepted"
    approve(proposal)
    with pytest.raises(Conflict) as refused:
        publish_version(actor=steward, proposal=Proposal.objects.get())
    assert refused.value.code == "already-published"


def test_a_version_can_not_be_changed_or_deleted():
    version = make_dataset().newest
    rows = DatasetVersion.objects.filter(pk=version.pk)
    for touch in (lambda: rows.update(bytes=1), lambda: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            touch()


def test_a_withdrawn_entry_takes_no_new_version():
    dataset = make_dataset()
    steward = make_actor(dataset.member, Role.STEWARD)
    withdraw_dataset(actor=steward, dataset=dataset, reason="A contributor took back consent.")
    with pytest.raises(Conflict) as refused:
        start_proposal(actor=steward, member=dataset.member, dataset=Dataset.objects.get())
    assert refused.value.code == "dataset-withdrawn"


def test_a_withdrawal_is_logged_with_its_reason_and_done_once():
    dataset = make_dataset()
    steward = make_actor(dataset.member, Role.STEWARD)
    assert withdraw_dataset(actor=steward, dataset=dataset, reason="Consent.").state == "withdrawn"
    assert Event.objects.get(action="dataset.withdrawn").details == {"reason": "Consent."}
    with pytest.raises(Conflict):
        withdraw_dataset(actor=steward, dataset=dataset, reason="Again.")


def test_only_a_steward_of_its_member_withdraws_an_entry_and_says_why():
    dataset = make_dataset("private")
    stranger = make_actor(make_member(), Role.STEWARD)
    with pytest.raises(NotFound):
        withdraw_dataset(actor=stranger, dataset=dataset, reason="Mine now.")
    with pytest.raises(NotPermitted):
        withdraw_dataset(
            actor=make_actor(dataset.member, Role.RESEARCHER), dataset=dataset, reason="No need."
        )
    with pytest.raises(Invalid):
        withdraw_dataset(actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason=" ")


def test_publication_times_carry_a_zone():
    published = make_dataset().newest.published_at
    assert abs(timezone.now() - published) < timedelta(minutes=1)
