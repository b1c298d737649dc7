"""Lineage for a version's page: the drawing, and what was made of it. In provenance, named as today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalog.datasets.models import DatasetVersion
from catalog.design.lineage import LineageNode
from catalog.pages.naming import Named, name_of_version, names_of
from catalog.tiers import Purpose
from provenance.actors import Actor
from provenance.errors import NotFound
from provenance.lineage.models import ArtifactKind
from provenance.lineage.reading import Graph, Node, trace

DEEPEST: Final = 6
# The floor above serves these, at addresses that are fixed for the outside world (DESIGN §5).
PAGES = {ArtifactKind.CHECKPOINT.value: "checkpoints", ArtifactKind.CONTRIBUTION.value: "contributions"}
ORDER = (
    ArtifactKind.CHECKPOINT,
    ArtifactKind.DERIVATIVE,
    ArtifactKind.CONTRIBUTION,
    ArtifactKind.MANIFEST,
)
# A manifest's name begins with the purpose of its job; it is kept for ever as it was signed.
JOBS: Final[dict[str, str | Promise]] = {
    Purpose.CONTRIBUTED_CPT: gettext_lazy("Contributed training"),
    Purpose.EVALUATION: gettext_lazy("Evaluation"),
    Purpose.SOVEREIGN_BUILD: gettext_lazy("Sovereign build"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """Something that was made of the version: of itself, or ``through`` a title of what lies between."""

    node: LineageNode
    through: str


@dataclass(frozen=True, slots=True)
class Descent:
    """``nodes`` for the drawing, newest first; ``users`` is what came of the version, direct uses first."""

    nodes: list[LineageNode]
    users: list[Use]
    truncated: bool


def descent_of(version: DatasetVersion, actor: Actor, *, depth: int) -> Descent:
    """Return what the actor may discover of the version's lineage, in eight queries at most.

    A version that never entered the lineage has an empty descent.
    """
    try:
        up = trace(version.digest, direction="up", depth=depth, audiences=actor.audiences)
        down = trace(version.digest, direction="down", depth=depth, audiences=actor.audiences)
    except NotFound:
        return Descent([], [], truncated=False)
    found = {node.digest: node for node in (*reversed(down.nodes), *up.nodes)}
    names, parents = _names(found, actor), _parents(up, down)
    drawn = {
        digest: _drawn(node, names.get(digest), parents.get(digest, ()), here=digest == version.digest)
        for digest, node in found.items()
    }
    truncated = up.truncated or down.truncated
    return Descent(list(drawn.values()), _uses(down, drawn, parents), truncated=truncated)


def bounded_depth(asked: str | None) -> int:
    """Return the depth that a query string asks for, 1 to 6; 3 for anything else."""
    return int(asked) if asked in {str(depth) for depth in range(1, DEEPEST + 1)} else 3


def address_of(kind: str, digest: str) -> str:
    """Return the page of an artifact that has one of its own by digest, else an empty text."""
    return f"/{PAGES[kind]}/{digest}/" if kind in PAGES else ""


def _uses(down: Graph, drawn: Mapping[str, LineageNode], parents: Mapping[str, Iterable[str]]) -> list[Use]:
    """Return what was made of the start, checkpoints first among those of the same distance."""
    steps = {node.digest: node for node in down.nodes}
    made = [node for kind in ORDER for node in down.nodes if node.kind == kind]
    return [
        Use(
            drawn[node.digest],
            _between(node, [steps[each] for each in parents[node.digest] if each in steps], drawn),
        )
        for node in sorted(made, key=lambda node: node.depth > 1)
    ]


def _between(node: Node, parents: Iterable[Node], drawn: Mapping[str, LineageNode]) -> str:
    """Return the title of what lies one step before, a checkpoint rather than anything else."""
    if node.depth <= 1:
        return ""
    nearer = [parent for parent in parents if parent.depth < node.depth]
    nearer.sort(key=lambda parent: parent.kind != ArtifactKind.CHECKPOINT)
    return drawn[nearer[0].digest].title if nearer else ""


def _drawn(node: Node, name: Named | None, parents: Iterable[str], *, here: bool) -> LineageNode:
    name = name or Named(_in_words(node), address_of(node.kind, node.digest))
    return LineageNode(
        id=_short(node.digest),
        kind=ArtifactKind(node.kind).label,
        title=name.text,
        digest=node.digest,
        url="" if here else name.url,
        tier=str(node.snapshot.get("tier") or ""),
        parents=tuple(_short(parent) for parent in parents),
        here=here,
    )


def _in_words(node: Node) -> str:
    kind = str(node.snapshot.get("kind") or "")
    if node.kind == ArtifactKind.MANIFEST and kind in JOBS:
        return f"{JOBS[kind]}{node.name.removeprefix(kind)}"
    return node.name[:1].upper() + node.name[1:] if node.kind == ArtifactKind.CONTRIBUTION else node.name


def _short(digest: str) -> str:
    return digest[:20]


def _parents(*graphs: Graph) -> dict[str, list[str]]:
    parents: dict[str, list[str]] = {}
    for edge in (edge for graph in graphs for edge in graph.edges):
        known = parents.setdefault(edge.source, [])
        if edge.target not in known:
            known.append(edge.target)
    return parents


def _names(found: Mapping[str, Node], actor: Actor) -> dict[str, Named]:
    """Return what versions, checkpoints and registered models are called today, by digest, and their pages.

    An artifact can not tell that its candidate became a base.
    """
    visible = DatasetVersion.objects.visible_to(actor).select_related("dataset")
    versions = visible.filter(digest__in=_of_kind(found, ArtifactKind.DATASET_VERSION))
    bases = names_of(actor, [f"checkpoint:{each}" for each in _of_kind(found, ArtifactKind.CHECKPOINT)])
    slugs = {each: str(found[each].snapshot["slug"]) for each in _of_kind(found, ArtifactKind.DERIVATIVE)}
    models = names_of(actor, [f"derivative:{slug}" for slug in slugs.values()])
    return {
        **{each.digest: Named(name_of_version(each), each.get_absolute_url()) for each in versions},
        **{identifier.partition(":")[2]: name for identifier, name in bases.items()},
        **{digest: name for digest, slug in slugs.items() if (name := models.get(f"derivative:{slug}"))},
    }


def _of_kind(found: Mapping[str, Node], kind: ArtifactKind) -> list[str]:
    return [digest for digest, node in found.items() if node.kind == kind]
