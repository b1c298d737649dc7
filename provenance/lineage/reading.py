"""Walks through the lineage, for people (filtered by what they may discover) and for checks (whole)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from provenance.errors import NotFound
from provenance.lineage.models import Artifact, ArtifactKind, Edge

MOST_NODES: Final = 150
MOST_STEPS: Final = 50

Direction: TypeAlias = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Node:
    """An artifact in a graph; ``depth`` is its distance from the start in edges."""

    digest: str
    kind: str
    name: str
    snapshot: Mapping[str, Any]
    depth: int


@dataclass(frozen=True, slots=True)
class Thread:
    """``source`` came from ``target`` (digests), as the statement with this digest says."""

    source: str
    target: str
    relation: str
    statement: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What a walk found, nearest first. ``truncated`` tells that more visible artifacts exist."""

    nodes: tuple[Node, ...]
    edges: tuple[Thread, ...]
    truncated: bool


def trace(
    artifact_digest: str, *, direction: Direction = "up", depth: int = 6, audiences: frozenset[str]
) -> Graph:
    """Follow the edges from one artifact, at most ``depth`` steps and 150 nodes.

    ``up`` goes to what it came from, ``down`` to what was made of it. The walk never steps on an artifact
    that these audiences may not discover, so whatever is reachable only through one stays away too (INV-6).

    Raises:
        NotFound: there is no such artifact, or it may not be discovered.
    """
    steps = min(max(depth, 0), MOST_STEPS)
    found = _walk(artifact_digest, direction, steps, sorted(audiences))
    if not found:
        raise NotFound("There is no such artifact.", requirement="INV-6")
    shown = found[:MOST_NODES]
    nodes = tuple(Node(row.digest, row.kind, row.name, row.snapshot, _depth(row)) for row in shown)
    return Graph(nodes, _edges_among(shown), truncated=len(found) > MOST_NODES)


def reaches_datasets(digest: str) -> list[Artifact]:
    """Return every dataset version that an artifact came from, however far back and hidden (INV-4).

    For checks and for rules that must know everything; never for a page.
    """
    return list(
        Artifact.objects.raw(
            """
            WITH RECURSIVE reached(id) AS (
                SELECT id FROM provenance_artifact WHERE digest = %s
                UNION
                SELECT edge.target_id FROM reached JOIN provenance_edge edge ON edge.source_id = reached.id
            )
            SELECT artifact.* FROM provenance_artifact artifact JOIN reached USING (id)
            WHERE artifact.kind = %s ORDER BY artifact.id
            """,
            [digest, ArtifactKind.DATASET_VERSION],
        )
    )


def made_from(digests: Collection[str]) -> list[Artifact]:
    """Return every artifact that was made from any of these, however far on and hidden (DM:17).

    For duties that must reach everything; a page keeps of it what its reader may discover.
    """
    return list(
        Artifact.objects.raw(
            """
            WITH RECURSIVE reached(id) AS (
                SELECT id FROM provenance_artifact WHERE digest = ANY(%s)
                UNION
                SELECT edge.source_id FROM reached JOIN provenance_edge edge ON edge.target_id = reached.id
            )
            SELECT artifact.* FROM provenance_artifact artifact JOIN reached USING (id)
            WHERE NOT artifact.digest = ANY(%s) ORDER BY artifact.id
            """,
            [list(digests), list(digests)],
        )
    )


def _walk(digest: str, direction: Direction, steps: int, audiences: list[str]) -> list[Artifact]:
    """Give one row more than the limit, so that the caller can tell; UNION meets diamonds only once."""
    near, far = ("source_id", "target_id") if direction == "up" else ("target_id", "source_id")
    rows = Artifact.objects.raw(
        f"""
        WITH RECURSIVE reached(id, depth) AS (
            SELECT id, 0 FROM provenance_artifact WHERE digest = %s AND audience = ANY(%s)
            UNION
            SELECT artifact.id, reached.depth + 1
            FROM reached
            JOIN provenance_edge edge ON edge.{near} = reached.id
            JOIN provenance_artifact artifact ON artifact.id = edge.{far}
            WHERE reached.depth < %s AND artifact.audience = ANY(%s)
        ), nearest AS (
            SELECT id, min(depth) AS depth FROM reached GROUP BY id
        )
        SELECT artifact.*, nearest.depth FROM provenance_artifact artifact JOIN nearest USING (id)
        ORDER BY nearest.depth, artifact.id LIMIT %s
        """,  # noqa: S608 - near and far are two of our own column names
        [digest, audiences, steps, audiences, MOST_NODES + 1],
    )
    return list(rows)


def _depth(row: Artifact) -> int:
    return int(row.depth)  # type: ignore[attr-defined]  # the raw query annotates it


def _edges_among(rows: list[Artifact]) -> tuple[Thread, ...]:
    ids = [row.pk for row in rows]
    edges = Edge.objects.filter(source__in=ids, target__in=ids)
    columns = edges.values_list("source__digest", "target__digest", "relation", "statement__digest")
    return tuple(Thread(*values) for values in columns.order_by("id"))
