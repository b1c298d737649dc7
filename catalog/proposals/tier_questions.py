"""From four plain questions to a tier. Pure: what each tier does is read from the one table of tiers."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from catalog.tiers import RULES, Download, Metadata, Tier, TierRules


class TierQuestion(StrEnum):
    """What may happen with the data, from the widest to the narrowest use."""

    KNOWN = "known"  # may anyone know that the data exist?
    COPIED = "copied"  # may copies leave the member's own machines?
    DOWNLOADED = "downloaded"  # may people download the data and pass them on?
    LEARNT = "learnt"  # may the shared base learn from them?


# What a tier must be like to keep the promise of a "no".
KEEPS: Final[Mapping[TierQuestion, Callable[[TierRules], bool]]] = {
    TierQuestion.KNOWN: lambda rules: rules.metadata is Metadata.SEALED,
    TierQuestion.COPIED: lambda rules: not rules.coordinator_may_store_bytes,
    TierQuestion.DOWNLOADED: lambda rules: rules.download is not Download.EVERYONE,
    TierQuestion.LEARNT: lambda rules: not rules.shared_training,
}


def tier_for(answers: Mapping[TierQuestion, bool]) -> Tier:
    """Return the freest tier that keeps every "no"; a question without an answer counts as one."""
    return max((_tier_of(question) for question in refused(answers)), key=_rank, default=Tier.OPEN)


def reasons_for(answers: Mapping[TierQuestion, bool]) -> list[TierQuestion]:
    """Return the refusals that lead to this tier and to no freer one; none for open data."""
    tier = tier_for(answers)
    return [question for question in refused(answers) if _tier_of(question) is tier]


def refused(answers: Mapping[TierQuestion, bool]) -> list[TierQuestion]:
    """Return the questions that were not answered with "yes", in their order."""
    return [question for question in TierQuestion if not answers.get(question, False)]


def _tier_of(question: TierQuestion) -> Tier:
    """Return the freest tier that keeps this one "no"."""
    return min((tier for tier, rules in RULES.items() if KEEPS[question](rules)), key=_rank)


def _rank(tier: Tier) -> int:
    return RULES[tier].rank
