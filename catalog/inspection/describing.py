"""A node's description on its way from the draft to the published version.

While it waits it lies in the blob store, under its sha256: unlike the log and the kept statements, a blob can
be forgotten when its draft becomes private (INV-1).
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from catalog.datasets.models import DatasetVersion
from catalog.inspection.attesting import Attestation, read_attestation, refusal
from catalog.inspection.concluding import keep_facts
from catalog.inspection.models import EntryFacts
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.attaching import attach_pointers
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing
from provenance.errors import Invalid
from provenance.events.models import Event
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Statement
from provenance.lineage.services import keep_statement
from provenance.signing.canonical import canonicalize, parse_object
from provenance.signing.statements import PREDICATE_DESCRIPTION

DESCRIBED: Final = "proposal.files-described"


@transaction.atomic
def attach_description(*, actor: Actor, proposal: Proposal, envelope: Mapping[str, Any]) -> Proposal:
    """Attach the files that a node described, and keep its word for the day of publication.

    Files that are attached already, with the same bytes, stay as they are.

    Raises:
        Invalid: as ``read_attestation`` and ``attach_pointers``; ``attestation-stale``, when a path is
            attached with other bytes.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    said = read_attestation(envelope, member=draft.member)
    new = _not_attached(draft, said)
    if new:
        draft = attach_pointers(actor=actor, proposal=draft, manifest=new)
    if said.facts is None:
        return draft
    blob = get_store().put([canonicalize(said.envelope)])
    record_event(
        actor=actor,
        action=DESCRIBED,
        subject=f"proposal:{draft.pk}",
        audience=audience_of(draft),
        evidence=Evidence(details={"revision": draft.revision, "description": blob.sha256, "node": said.did}),
    )
    return draft


def attestation_of(proposal: Proposal) -> Attestation | None:
    """Return the newest description that covers the proposal's files exactly and still holds; else None."""
    for sha256 in _descriptions(proposal):
        said = _read_again(proposal, sha256)
        if said is not None and said.covers(proposal.files):
            return said
    return _of_earlier_version(proposal)


def keep_attested(*, actor: Actor, version: DatasetVersion, proposal: Proposal) -> EntryFacts | None:
    """Keep the facts that a node attested of a version, with the signed statement; None where none did.

    Raises:
        RuntimeError: outside a transaction.
    """
    said = attestation_of(proposal)
    if said is None or said.facts is None:
        return None
    statement = keep_statement(
        envelope=said.envelope, predicate_type=PREDICATE_DESCRIPTION, key_ids=[said.did]
    )
    return keep_facts(
        version=version, facts=said.facts, actor=actor, attested_by=said.did, statement=statement.digest
    )


def forget_descriptions(proposal: Proposal) -> None:
    """Remove what nodes said of a draft that becomes private."""
    for sha256 in _descriptions(proposal):
        get_store().delete(sha256)


def _descriptions(proposal: Proposal) -> list[str]:
    """Return the addresses of a proposal's descriptions, newest first."""
    events = Event.objects.filter(action=DESCRIBED, subject=f"proposal:{proposal.pk}").order_by("-id")
    return [str(details["description"]) for details in events.values_list("details", flat=True)]


def _read_again(proposal: Proposal, sha256: str) -> Attestation | None:
    """The node may have been suspended since: then its word is not taken any more."""
    try:
        with get_store().open(sha256) as stream:
            return read_attestation(parse_object(stream.read()), member=proposal.member)
    except (BlobMissing, Invalid):
        return None


def _of_earlier_version(proposal: Proposal) -> Attestation | None:
    """A next version that keeps all files keeps what was attested of them."""
    if proposal.dataset_id is None:
        return None
    earlier = EntryFacts.objects.filter(version__dataset=proposal.dataset_id).exclude(statement="")
    digest = earlier.order_by("-id").values_list("statement", flat=True).first()
    kept = Statement.objects.filter(digest=digest).first() if digest else None
    if kept is None:
        return None
    try:
        said = read_attestation(kept.envelope, member=proposal.member)
    except Invalid:
        return None
    return said if said.covers(proposal.files) else None


def _not_attached(draft: Proposal, said: Attestation) -> list[dict[str, Any]]:
    attached = {file["path"]: file["sha256"] for file in draft.files}
    described = {file["path"]: file["sha256"] for file in said.files}
    stale = [path for path, sha256 in described.items() if attached.get(path, sha256) != sha256]
    if stale:
        raise refusal(
            f"Attached with other bytes than were described: {', '.join(stale[:5])}.",
            "attestation-stale",
            "Describe the data again; or detach these files first, if the description is the newer one.",
        )
    named = ("path", "sha256", "bytes", "records", "language", "mediaType")
    return [{name: file[name] for name in named} for file in said.files if file["path"] not in attached]
