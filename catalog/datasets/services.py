"""Publishing and withdrawing entries. Both own their transaction, the lock on the row and the event."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from catalog.datasets.files import FileEntry, language_shares, read_files
from catalog.datasets.models import SEALED, Dataset, DatasetFile, DatasetVersion, audience_of
from catalog.datasets.naming import sealed_slug_of
from catalog.datasets.publishing import leave_evidence
from catalog.datasets.record import DatasetRecord, SealedRecord, read_record
from catalog.datasets.signals import dataset_withdrawn
from catalog.inspection.services import request_facts
from catalog.members.models import Role
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.models import Event
from provenance.events.services import Evidence, record_event
from provenance.signing.canonical import digest
from provenance.text import plain_text

if TYPE_CHECKING:
    from catalog.proposals.models import Proposal


@transaction.atomic
def publish_version(*, actor: Actor, proposal: "Proposal") -> DatasetVersion:
    """Turn an accepted proposal into the next version of its entry, made on its first.

    The version's digest is that of the canonical ``{dataset, version, tier, record, files}`` (RFC 8785). An
    entry takes the tier of its newest version; only an accepted proposal, which this is, can weaken it.

    Raises:
        Conflict: ``not-accepted``, ``already-published``, ``dataset-withdrawn`` or ``tier-sealed``.
    """
    approval = f"proposal:{proposal.pk}@{proposal.revision}"
    _check_publishable(proposal, approval)
    record = read_record(proposal.record)
    files = read_files(proposal.files)
    dataset = _dataset_of(proposal, record, files)
    version = _add_version(
        dataset, record, files, change_note=proposal.change_note, accepted_for=proposal.accepted_for
    )
    proposal.dataset = dataset
    proposal.slug = dataset.slug if dataset.tier in SEALED else proposal.slug
    type(proposal).objects.filter(pk=proposal.pk).update(dataset=dataset, slug=proposal.slug)
    leave_evidence(actor=actor, version=version, approval=approval)
    request_facts(actor=actor, version=version, proposal=proposal)
    _index_after_commit(dataset)
    return version


@transaction.atomic
def withdraw_dataset(*, actor: Actor, dataset: Dataset, reason: str) -> Dataset:
    """Close an entry: nothing is downloaded, served or dispatched any more; its history stays (DM:17).

    Raises:
        NotFound: the actor may not discover it.
        NotPermitted: the actor is no steward of its member.
        Invalid: no reason is given.
        Conflict: code ``already-withdrawn``.
    """
    found = Dataset.objects.visible_to(actor).select_related("member").filter(pk=dataset.pk).first()
    if found is None:
        raise NotFound("There is no such dataset.")
    if not actor.has_role(Role.STEWARD, member=found.member.slug):
        raise NotPermitted("Only a steward of its member withdraws a dataset.", requirement="DM:17")
    reason = plain_text(reason, field="reason", longest=4000)
    if not reason:
        raise Invalid("Say why it is withdrawn.", fields={"reason": ["Say why it is withdrawn."]})
    withdrawn = Dataset.State.WITHDRAWN
    standing = Dataset.objects.filter(pk=found.pk).exclude(state=withdrawn)
    if not standing.update(state=withdrawn, withdrawn_at=timezone.now(), withdrawal_reason=reason):
        raise Conflict("This dataset was withdrawn before.", code="already-withdrawn")
    record_event(
        actor=actor,
        action="dataset.withdrawn",
        subject=f"dataset:{found.slug}",
        audience=found.audience,
        evidence=Evidence(artifact=found.newest.digest, details={"reason": reason}),
    )
    dataset_withdrawn.send(sender=Dataset, dataset=found, actor=actor)
    _index_after_commit(found)
    found.refresh_from_db()
    return found


def _check_publishable(proposal: "Proposal", approval: str) -> None:
    if proposal.state != "accepted":
        raise Conflict("Only an accepted proposal is published.", code="not-accepted", requirement="DG:8")
    # By its entry's own events, which an index finds; a proposal without an entry was never published.
    slug = type(proposal).objects.values_list("dataset__slug", flat=True).get(pk=proposal.pk)
    told = Event.objects.filter(subject=f"dataset:{slug}", action="dataset.published", approval=approval)
    if slug and told.exists():
        raise Conflict("This proposal was published before.", code="already-published")


def _dataset_of(
    proposal: "Proposal", record: DatasetRecord | SealedRecord, files: Sequence[FileEntry]
) -> Dataset:
    """Return the entry, locked, with its columns set to the new record."""
    audience = audience_of(record.tier, proposal.member.slug)
    columns = {"tier": str(record.tier), "audience": audience, **_described(record, files)}
    if proposal.dataset_id is None:
        slug = sealed_slug_of(record.commitment) if isinstance(record, SealedRecord) else proposal.slug
        return Dataset.objects.create(slug=_free_slug(slug), member=proposal.member, **columns)
    dataset = Dataset.objects.select_for_update().get(pk=proposal.dataset_id)
    if dataset.state == Dataset.State.WITHDRAWN:
        raise Conflict("This dataset is withdrawn; it takes no new version.", code="dataset-withdrawn")
    if (dataset.tier in SEALED) != (record.tier in SEALED):
        raise Conflict("An entry never changes between private and another tier.", code="tier-sealed")
    for name, value in columns.items():
        setattr(dataset, name, value)
    dataset.save()
    return dataset


def _described(record: DatasetRecord | SealedRecord, files: Sequence[FileEntry]) -> dict[str, Any]:
    """Return the columns that describe an entry; those of a sealed one are empty (CHECK)."""
    if isinstance(record, SealedRecord):
        words = dict.fromkeys(("artifact_type", "modality", "licence"), "")
        return {"title": {}, "summary": {}, "themes": [], "languages": [], "bytes": 0, **words}
    return {
        "title": record.title,
        "summary": record.summary,
        "artifact_type": record.artifact_type,
        "modality": record.modality,
        "themes": record.themes,
        "languages": record.languages,
        "licence": record.licence,
        "bytes": sum(file.bytes for file in files),
    }


def _free_slug(wanted: str) -> str:
    """Return ``wanted``, or with a number behind it. A sealed entry's can not be guessed: never taken."""
    with connection.cursor() as cursor:  # two that want the same name wait for one another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dataset slug'))")
    taken = set(Dataset.objects.filter(slug__startswith=wanted[:110]).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted[:110]}-{number}"
    return slug


def _add_version(
    dataset: Dataset,
    record: DatasetRecord | SealedRecord,
    files: Sequence[FileEntry],
    *,
    change_note: str,
    accepted_for: str,
) -> DatasetVersion:
    last = dataset.versions.order_by("-number").values_list("number", flat=True).first() or 0
    tier = str(record.tier)
    content = {
        "dataset": dataset.slug,
        "version": last + 1,
        "tier": tier,
        "record": record.model_dump(mode="json"),
        "files": [file.as_manifest() for file in files],
    }
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=last + 1,
        digest=digest(content),
        tier=tier,
        record=content["record"],
        languages=language_shares(files, dataset.languages),
        bytes=sum(file.bytes for file in files),
        records=sum(file.records for file in files),
        change_note="" if record.tier in SEALED else change_note,
        accepted_for="" if record.tier in SEALED else accepted_for,
    )
    rows = [DatasetFile(version=version, tier=version.tier, **file.model_dump()) for file in files]
    DatasetFile.objects.bulk_create(rows, batch_size=1000)
    return version


def _index_after_commit(dataset: Dataset) -> None:
    """Ask for the entry's place in the search index. The entry stands even when the broker is away."""

    def index() -> None:
        from catalog.search.tasks import index_dataset

        index_dataset.delay(dataset.pk)

    # Not a partial: to log the error of a robust callback, Django asks for its __qualname__.
    transaction.on_commit(index, robust=True)
