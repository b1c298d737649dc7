"""The advisory locks of large merges: a space for ranges and one for looks, and a number for each."""

import hashlib
from typing import Final

RANGES: Final = 0x7AB0
LOOKS: Final = 0x7AB1
_POSITIVE: Final = 0x7FFFFFFF


def number_of(*words: str | int) -> int:
    """Return the number of what these words name, below 2³¹; if two ever share one, one of them waits."""
    digest = hashlib.sha256(" ".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:4], "big") & _POSITIVE
