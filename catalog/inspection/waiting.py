"""A node's description on its way from the draft to the published version.

While it waits it lies in the blob store, under its sha256: unlike the log and the kept statements, a blob can
be forgotten when its draft becomes private (INV-1).
"""

from typing import Final

from catalog.datasets.models import DatasetVersion
from catalog.inspection.attesting import Attestation, read_attestation
from catalog.inspection.concluding import keep_facts
from catalog.inspection.models import EntryFacts
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing
from provenance.errors import Invalid
from provenance.events.models import Event
from provenance.lineage.models import Statement
from provenance.lineage.services import keep_statement
from provenance.signing.canonical import parse_object
from provenance.signing.statements import PREDICATE_DESCRIPTION

DESCRIBED: Final = "proposal.files-described"


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
