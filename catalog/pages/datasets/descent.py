"""Lineage for a version's page: the drawing, and what was made of it. Read from provenance alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.datasets.models import DatasetVersion
from catalog.design.lineage import LineageNode
from provenance.actors import Actor
from provenance.errors import NotFound
from provenance.lineage.models import ArtifactKind
from provenance.lineage.reading import Graph, Node, trace

DEEPEST = 6
# The floor above serves these, at addresses that are fixed for the outside world (DESIGN §5).
PAGES = {ArtifactKind.CHECKPOINT.value: "checkpoints", ArtifactKind.CONTRIBUTION.value: "contributions"}
ORDER = (ArtifactKind.CHECKPOINT, ArtifactKind.CONTRIBUTION, ArtifactKind.MANIFEST)


@dataclass(frozen=True, slots=True)
class Descent:
    """``nodes`` for the drawing, newest first; ``users`` is what came of the version, checkpoints first."""

    nodes: list[LineageNode]
    users: list[LineageNode]
    truncated: bool


def descent_of(version: DatasetVersion, actor: Actor, *, depth: int) -> Descent:
    """Return what the actor may discover of the version's lineage, in six queries at most.

    A version that never entered the lineage has an empty descent.
    """
    try:
        up = trace(version.digest, direction="up", depth=depth, audiences=actor.audiences)
        down = trace(version.digest, direction="down", depth=depth, audiences=actor.audiences)
    except NotFound:
        return Descent([], [], truncated=False)
    found = {node.digest: node for node in (*reversed(down.nodes), *up.nodes)}
    addresses = _version_addresses(found, actor)
    parents = _parents(up, down)
    drawn = {
        digest: _drawn(node, addresses, parents.get(digest, ()), here=digest == version.digest)
        for digest, node in found.items()
    }
    users = [drawn[node.digest] for kind in ORDER for node in down.nodes if node.kind == kind]
    return Descent(list(drawn.values()), users, truncated=up.truncated or down.truncated)


def bounded_depth(asked: str | None) -> int:
    """Return the depth that a query string asks for, 1 to 6; 3 for anything else."""
    return int(asked) if asked in {str(depth) for depth in range(1, DEEPEST + 1)} else 3


def address_of(kind: str, digest: str) -> str:
    """Return the page of an artifact that has one of its own by digest, else an empty text."""
    return f"/{PAGES[kind]}/{digest}/" if kind in PAGES else ""


def _drawn(node: Node, addresses: Mapping[str, str], parents: Iterable[str], *, here: bool) -> LineageNode:
    return LineageNode(
        id=_short(node.digest),
        kind=ArtifactKind(node.kind).label,
        title=node.name,
        digest=node.digest,
        url="" if here else addresses.get(node.digest) or address_of(node.kind, node.digest),
        tier=str(node.snapshot.get("tier") or ""),
        parents=tuple(_short(parent) for parent in parents),
        here=here,
    )


def _short(digest: str) -> str:
    return digest[:20]


def _parents(*graphs: Graph) -> dict[str, list[str]]:
    parents: dict[str, list[str]] = {}
    for edge in (edge for graph in graphs for edge in graph.edges):
        known = parents.setdefault(edge.source, [])
        if edge.target not in known:
            known.append(edge.target)
    return parents


def _version_addresses(found: Mapping[str, Node], actor: Actor) -> dict[str, str]:
    digests = [digest for digest, node in found.items() if node.kind == ArtifactKind.DATASET_VERSION]
    versions = DatasetVersion.objects.visible_to(actor).filter(digest__in=digests).select_related("dataset")
    return {version.digest: version.get_absolute_url() for version in versions}
