"""The answer to the catalog's question whose key this is."""

from training.nodes.models import Node
from training.nodes.states import NodeState


def is_key_of_active_node(did: str, member_slug: str) -> bool:
    """Tell whether ``did`` is the key of an active node of this member."""
    return Node.objects.filter(did=did, member__slug=member_slug, state=NodeState.ACTIVE).exists()
