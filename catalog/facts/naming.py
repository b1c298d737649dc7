"""Names of files that show something else than they are."""

import unicodedata
from typing import Final

_LONGEST: Final = 1024
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def has_deceptive_characters(name: str) -> bool:
    """Tell whether a name holds control characters, direction overrides (UTS 39), or is absurdly long."""
    return len(name) > _LONGEST or any(
        character in _DIRECTIONS or unicodedata.category(character) in {"Cc", "Cs"} for character in name
    )
