"""What the four tiers are called on pages, and what each means in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise


class TierWords(NamedTuple):
    """The word of a tier and its meaning for a reader."""

    word: str | Promise
    meaning: str | Promise


TIER_WORDS: Mapping[str, TierWords] = {
    "open": TierWords(_("Open"), _("Everyone may read and download it.")),
    "train-only": TierWords(
        _("Train-only"), _("Only a node with an approved job receives the data; its weight update returns.")
    ),
    "local-only": TierWords(
        _("Local-only"), _("The data never leave the member's own nodes; only a weight update does.")
    ),
    "private": TierWords(_("Private"), _("Nothing leaves the member; it serves sovereign builds alone.")),
}


def words_of_tier(tier: str) -> TierWords:
    """Return the words of a tier by its serialised name, such as `train-only`.

    Raises:
        KeyError: there is no such tier; a page must never guess one.
    """
    return TIER_WORDS[str(tier)]
