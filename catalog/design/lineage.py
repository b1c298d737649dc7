"""A lineage view as pages draw it: nodes with the nodes they were made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

# More than this no reader can follow; the page links to a deeper view instead (STYLE §4).
MOST_NODES = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """One artifact in a lineage view. `parents` are ids of what it was made from."""

    id: str
    kind: str | Promise
    title: str
    digest: str
    url: str = ""
    tier: str = ""
    parents: tuple[str, ...] = ()
    here: bool = False


@dataclass(frozen=True, slots=True)
class LineageRow:
    """A node with those of its parents that this view shows."""

    node: LineageNode
    parents: tuple[LineageNode, ...]


def lineage_rows(nodes: Iterable[LineageNode]) -> list[LineageRow]:
    """Resolve the parents of each node, in the given order, at most MOST_NODES.

    A parent that is not among the nodes leaves no trace, not even a count: it may be one that the
    reader may not discover (INV-6).
    """
    shown = list(nodes)[:MOST_NODES]
    by_id = {node.id: node for node in shown}
    return [
        LineageRow(node, tuple(by_id[parent] for parent in node.parents if parent in by_id)) for node in shown
    ]
