"""What a publication leaves behind beside the rows: an artifact, a signed statement, an event."""

from typing import Any

from catalog.datasets.models import SEALED, DatasetVersion, audience_of
from catalog.tiers import RULES, Tier
from provenance.actors import Actor
from provenance.events.services import Evidence, record_event
from provenance.identity.services import coordinator_key, coordinator_key_id
from provenance.lineage.models import ArtifactKind, Statement
from provenance.lineage.services import keep_statement, register_artifact
from provenance.signing.dsse import seal
from provenance.signing.statements import PREDICATE_PUBLICATION, Subject, statement


def snapshot_of(version: DatasetVersion) -> dict[str, Any]:
    """Return what was true of a version when it was published; the lineage shows it for ever.

    Of a private one: whose it is, and its commitment.
    """
    dataset = version.dataset
    known = {
        "dataset": dataset.slug,
        "version": version.number,
        "member": dataset.member.slug,
        "tier": version.tier,
        "upstreamTier": RULES[Tier(version.tier)].upstream_name,
    }
    if version.tier in SEALED:
        return {**known, "commitment": version.record["commitment"]}
    return {
        **known,
        "title": dataset.title,
        "licence": dataset.licence,
        "languages": version.languages,
        "bytes": version.bytes,
        "records": version.records,
    }


def leave_evidence(*, actor: Actor, version: DatasetVersion, approval: str) -> None:
    """Register the version in the lineage, sign its publication, and log it, all for its audience only.

    Raises:
        RuntimeError: outside a transaction.
    """
    dataset = version.dataset
    audience = audience_of(version.tier, dataset.member.slug)
    signed = _sign_publication(version, approval)
    register_artifact(
        digest=version.digest,
        kind=ArtifactKind.DATASET_VERSION,
        name=str(version),
        snapshot={**snapshot_of(version), "statement": signed.digest},
        audience=audience,
    )
    record_event(
        actor=actor,
        action="dataset.published",
        subject=f"dataset:{dataset.slug}",
        audience=audience,
        evidence=Evidence(
            artifact=version.digest,
            approval=approval,
            details={"version": version.number, "tier": version.tier, "statement": signed.digest},
        ),
    )


def _sign_publication(version: DatasetVersion, approval: str) -> Statement:
    said = statement(
        subjects=[Subject(name=str(version), sha256=version.digest)],
        predicate_type=PREDICATE_PUBLICATION,
        predicate={
            **snapshot_of(version),
            "approval": approval,
            "publishedAt": version.published_at.isoformat(),
        },
    )
    key_id = coordinator_key_id()
    envelope = seal(said, key=coordinator_key(), key_id=key_id)
    return keep_statement(envelope=envelope, predicate_type=PREDICATE_PUBLICATION, key_ids=[key_id])
