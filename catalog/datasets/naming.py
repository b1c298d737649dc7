"""What an entry is called. A sealed one has no title here, so it goes by the start of its first seal."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, gettext

SEALED_PREFIX: Final = "sealed-"
DIGITS: Final = 16  # of the first commitment, in the short name: `tapestry-node seals` shows as many
SHOWN: Final = 8


def sealed_slug_of(commitment: str) -> str:
    """Return the short name of a sealed entry, given its first commitment, which tells nothing (INV-6)."""
    return f"{SEALED_PREFIX}{commitment[:DIGITS]}"


def titles_of(titles: Mapping[str, str], *, slug: str) -> dict[str, str]:
    """Return the title per language; of a sealed entry "Sealed entry 3f2a…" in the reader's own."""
    if titles:
        return dict(titles)
    short = slug.removeprefix(SEALED_PREFIX)[:SHOWN]
    return {get_language() or "en": gettext("Sealed entry %(short)s…") % {"short": short}}
