"""Whose key is this, and may it still sign?"""

from training.nodes.models import Node
from training.nodes.states import NodeState


def is_key_of_active_node(did: str, member_slug: str) -> bool:
    """Tell whether ``did`` is the key in force of an active node of this member.

    For what is signed now. What was signed before a rotation verifies with the `NodeKey` that it names.
    """
    return Node.objects.filter(did=did, member__slug=member_slug, state=NodeState.ACTIVE).exists()
