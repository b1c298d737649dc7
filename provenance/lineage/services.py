from collections.abc import Iterable, Mapping
from typing import Any

from provenance.actors import PUBLIC
from provenance.lineage.models import Artifact, ArtifactKind, Edge, Relation, Statement
from provenance.signing.canonical import digest as canonical_digest


def register_artifact(
    *, digest: str, kind: ArtifactKind, name: str, snapshot: Mapping[str, Any], audience: str = PUBLIC
) -> Artifact:
    """Return the artifact with this content address, made with its snapshot if it is new.

    The first snapshot stays: history can not be edited from the floors above.
    """
    artifact, _ = Artifact.objects.get_or_create(
        digest=digest,
        defaults={"kind": kind, "name": name, "snapshot": dict(snapshot), "audience": audience},
    )
    return artifact


def keep_statement(*, envelope: Mapping[str, Any], predicate_type: str, key_ids: Iterable[str]) -> Statement:
    """Keep a verified DSSE envelope; the same envelope twice is the same statement."""
    statement, _ = Statement.objects.get_or_create(
        digest=canonical_digest(dict(envelope)),
        defaults={
            "predicate_type": predicate_type,
            "key_ids": sorted(key_ids),
            "envelope": dict(envelope),
        },
    )
    return statement


def connect(
    *, source: Artifact, targets: Iterable[Artifact], relation: Relation, statement: Statement
) -> None:
    """Draw the edges from ``source`` to each target, all on the word of one signed statement (INV-4)."""
    Edge.objects.bulk_create(
        [Edge(source=source, target=target, relation=relation, statement=statement) for target in targets],
        ignore_conflicts=True,
    )
