"""Bytes as tokens, and which paragraphs are kept back for evaluation. Pure: no torch, no files."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from training.manifest import HeldOut

BEGIN: Final = 256
END: Final = 257


def is_held_out(paragraph: str, rule: HeldOut) -> bool:
    """Tell whether a paragraph of a split file is kept from training: rule ``paragraph-sha256``."""
    return int.from_bytes(hashlib.sha256(paragraph.encode()).digest()[:8], "big") % rule.every == 0


def pack(paragraphs: Iterable[str]) -> list[int]:
    """Return one stream of tokens: begin, bytes of a paragraph, end, and so on."""
    return [token for text in paragraphs for token in (BEGIN, *text.encode(), END)]


def windows(paragraph: str, *, length: int) -> Iterator[list[int]]:
    """Cut a paragraph so that each of its bytes is predicted exactly once.

    Yields at most ``length + 1`` tokens: the first is context only, each later one is a target.
    """
    tokens = [BEGIN, *paragraph.encode()]
    for start in range(0, len(tokens) - 1, length):
        yield tokens[start : start + length + 1]
