"""The demonstration's local-only entries: described and signed on the node that holds them."""

from datetime import UTC, datetime
from typing import Any

from provenance.signing.attestations import sign_description
from tapestry.demonstration.consortium import Consortium, DatasetEntry
from tapestry.demonstration.node_homes import home_of
from training.node.own_data.describing import describe, facts_about
from training.node.own_data.listing import list_files


def describe_on_node(consortium: Consortium, entry: DatasetEntry) -> dict[str, Any]:
    """Return what ``tapestry-node describe`` prints there: hashes, sizes and facts, and no content."""
    home = home_of(next(node for node in consortium.nodes if node.slug == entry.node))
    files = list_files(home.data / entry.slug)
    described = describe(files)
    facts = facts_about(files, described)
    return sign_description(described, facts=facts, key=home.key, at=datetime.now(UTC))
