"""Rows that say they are private: they are told before anything of them is kept (INV-1)."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from catalog.batches.headings import plain_heading
from catalog.batches.words import tier_of_word
from catalog.tiers import Tier

_TELLING: Final = frozenset(
    {
        *("tier", "access", "visibility", "confidentiality", "privacy", "sharing", "secrecy"),
        *("classification", "restriction", "level", "status"),
    }
)


def says_private(columns: Iterable[tuple[str, str]], values: Mapping[str, str]) -> bool:
    """Tell whether a row says that its data are private, by ``columns`` or by a heading about access.

    The second holds whatever the steward makes of the columns later: by then the row would be kept.
    """
    return any(
        (path == "tier" or _tells(column)) and tier_of_word(values.get(column, "")) is Tier.PRIVATE
        for column, path in columns
    )


@cache
def _tells(column: str) -> bool:
    return not _TELLING.isdisjoint(plain_heading(column).split())
