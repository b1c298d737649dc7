"""Whose key is this? The catalog asks; the floor that knows the nodes answers.

Nodes live on the training floor, which the catalog may not import. That floor registers its answer here when
it starts; without it no key is anybody's.
"""

from collections.abc import Callable
from typing import Final

KeyFinder = Callable[[str, str], bool]
"""Takes a did:key and a member's slug."""

_FINDERS: Final[list[KeyFinder]] = []


def register_key_finder(finder: KeyFinder) -> None:
    """Ask ``finder`` too, from now on; the same one twice is one."""
    if finder not in _FINDERS:
        _FINDERS.append(finder)


def is_active_node(did: str, member_slug: str) -> bool:
    """Tell whether ``did`` is the key of a node of this member that may take part now."""
    return any(finder(did, member_slug) for finder in _FINDERS)
