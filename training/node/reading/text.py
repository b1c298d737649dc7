"""Bytes as tokens, and which paragraphs are kept back for evaluation. Pure: no torch, no files."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from training.manifest import HeldOut

BEGIN: Final = 256
END: Final = 257


def is_held_out(paragraph: str, rule: HeldOut) -> bool:
    """Tell whether a paragraph of a split file is kept from training: rule ``paragraph-sha256``."""
    return int.from_bytes(hashlib.sha256(paragraph.encode()).digest()[:8], "big") % rule.every == 0


def windows(tokens: Sequence[int], *, begin: int, length: int) -> Iterator[list[int]]:
    """Cut a paragraph's tokens so that each of them is predicted exactly once.

    Yields at most ``length + 1`` tokens: the first is context only, each later one is a target.
    """
    marked = [begin, *tokens]
    for start in range(0, len(marked) - 1, length):
        yield marked[start : start + length + 1]
