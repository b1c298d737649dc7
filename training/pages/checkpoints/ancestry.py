"""What a checkpoint came from, as far as the reader may discover it, read from provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from catalog.datasets.models import DatasetVersion
from catalog.design.lineage import LineageNode
from catalog.pages.naming import name_of_version
from provenance.actors import Actor
from provenance.errors import NotFound
from provenance.lineage.models import ArtifactKind
from provenance.lineage.reading import MOST_STEPS, Graph, Node, trace
from training.contributions.models import Contribution
from training.pages.inputs import visible_versions

NOUNS: Final = {
    ArtifactKind.CHECKPOINT: "checkpoints",
    ArtifactKind.CONTRIBUTION: "contributions",
    ArtifactKind.IMPORTED_MODEL: "models",
}


@dataclass(frozen=True, slots=True)
class Ancestry:
    """``versions`` however far back; ``nodes`` for the drawing, oldest last, manifests left out."""

    versions: list[DatasetVersion]
    nodes: list[LineageNode]
    truncated: bool


def ancestry_of(digest: str, actor: Actor, *, depth: int) -> Ancestry:
    """Trace a checkpoint up: all its dataset versions, and ``depth`` steps of drawing."""
    try:
        whole = trace(digest, direction="up", depth=MOST_STEPS, audiences=actor.audiences)
    except NotFound:
        return Ancestry([], [], truncated=False)
    found = [node.digest for node in whole.nodes if node.kind == ArtifactKind.DATASET_VERSION]
    versions = visible_versions(found, actor)
    known = {version.digest: version for version in versions}
    return Ancestry(versions, _drawn(whole, known, digest, depth), truncated=whole.truncated)


def _drawn(graph: Graph, versions: Mapping[str, DatasetVersion], here: str, depth: int) -> list[LineageNode]:
    """Manifests stay out: a contribution is tied to the same versions by its own word."""
    shown = [node for node in graph.nodes if node.depth <= depth and _is_drawn(node, versions)]
    titles = _titles(shown, versions)
    parents: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.target not in parents.setdefault(edge.source, []):
            parents[edge.source].append(edge.target)
    return [
        LineageNode(
            id=node.digest[:20],
            kind=ArtifactKind(node.kind).label,
            title=titles.get(node.digest, node.name),
            digest=node.digest,
            url="" if node.digest == here else _address(node, versions),
            tier=versions[node.digest].tier if node.digest in versions else "",
            parents=tuple(parent[:20] for parent in parents.get(node.digest, ())),
            here=node.digest == here,
        )
        for node in shown
    ]


def _titles(nodes: list[Node], versions: Mapping[str, DatasetVersion]) -> dict[str, str]:
    """Return what people call these by digest: an entry by its title, an update by its node."""
    titles = {
        node.digest: gettext("Base %(n)s") % {"n": node.snapshot["number"]}
        for node in nodes
        if node.kind == ArtifactKind.CHECKPOINT and "number" in node.snapshot
    }
    titles |= {
        node.digest: name_of_version(versions[node.digest]) for node in nodes if node.digest in versions
    }
    given = [node.digest for node in nodes if node.kind == ArtifactKind.CONTRIBUTION]
    names = Contribution.objects.filter(digest__in=given).values_list("digest", "job__node__name")
    return titles | dict(names)


def _is_drawn(node: Node, versions: Mapping[str, DatasetVersion]) -> bool:
    if node.kind == ArtifactKind.DATASET_VERSION:
        return node.digest in versions
    return node.kind != ArtifactKind.MANIFEST


def _address(node: Node, versions: Mapping[str, DatasetVersion]) -> str:
    if node.digest in versions:
        return versions[node.digest].get_absolute_url()
    return f"/{NOUNS[ArtifactKind(node.kind)]}/{node.digest}/"
