"""What is in a base: how much of each contribution's update, as the ledger has it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, ngettext

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rollbacks.chain import chain_of, digests_in
from training.rounds.ledger import Content, contents_of

MOST: Final = 50
WIDTH: Final = 160  # of the longest bar


@dataclass(frozen=True, slots=True)
class Share:
    """A contribution's share of a base. ``bar`` is its length beside the others', up to `WIDTH`."""

    contribution: Contribution
    in_base: float
    in_velocity: float
    bar: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The largest shares first; ``more`` are too many to show, ``untold`` are in the base without a number.

    ``moves_on``: whether an outer optimizer will still add of them to later bases.
    """

    shares: list[Share]
    more: int
    untold: int
    moves_on: bool

    @property
    def sentence(self) -> str:
        """What the numbers mean, or why there are none."""
        if not self.shares:
            return gettext(
                "The rule or the outer optimizer is not linear: no number says how much of a contribution is "
                "in this base. Only computing the bases again without it tells."
            )
        text = gettext("1 means that the whole update was added, 0.5 half of it.")
        if not self.untold:
            return text
        rest = ngettext(
            "One more contribution is in it without a number: its rule was not linear.",
            "%(n)s more contributions are in it without a number: their rule was not linear.",
            self.untold,
        )
        return f"{text} {rest % {'n': self.untold}}"


def contents_in(checkpoint: Checkpoint) -> Contents:
    """Return what the ledger says of a base, and how much it does not say."""
    found = contents_of(checkpoint)
    merged = digests_in(chain_of(checkpoint))
    longest = max((abs(each.in_base) for each in found), default=0.0)
    return Contents(
        shares=[_share(each, longest) for each in found[:MOST]],
        more=max(len(found) - MOST, 0),
        untold=len(merged) - len(found),
        moves_on=any(each.in_velocity for each in found),
    )


def _share(content: Content, longest: float) -> Share:
    bar = round(WIDTH * abs(content.in_base) / longest) if longest else 0
    return Share(content.contribution, content.in_base, content.in_velocity, bar)
