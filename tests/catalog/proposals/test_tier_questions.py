"""Four plain questions lead to the freest tier that keeps every "no"."""

from itertools import product

import pytest

from catalog.proposals.tier_questions import KEEPS, TierQuestion, reasons_for, refused, tier_for
from catalog.tiers import RULES, Tier

ALL = [dict(zip(TierQuestion, given, strict=True)) for given in product((True, False), repeat=4)]
KNOWN, COPIED, DOWNLOADED, LEARNT = TierQuestion


@pytest.mark.parametrize("answers", ALL)
def test_the_tier_keeps_every_no_and_no_freer_one_does(answers):
    tier = tier_for(answers)
    for other, rules in RULES.items():
        keeps = all(KEEPS[question](rules) for question in refused(answers))
        assert keeps if other is tier else not (keeps and rules.rank < RULES[tier].rank)


@pytest.mark.parametrize("answers", ALL)
def test_one_more_no_never_makes_it_freer(answers):
    for question in TierQuestion:
        stricter = tier_for({**answers, question: False})
        assert RULES[stricter].rank >= RULES[tier_for(answers)].rank


@pytest.mark.parametrize(
    ("noes", "tier"),
    [
        (set(), Tier.OPEN),
        ({DOWNLOADED}, Tier.TRAIN_ONLY),
        ({COPIED}, Tier.LOCAL_ONLY),
        ({DOWNLOADED, COPIED}, Tier.LOCAL_ONLY),
        ({LEARNT}, Tier.PRIVATE),
        ({KNOWN}, Tier.PRIVATE),
    ],
)
def test_what_people_mean_is_what_they_get(noes, tier):
    answers = {question: question not in noes for question in TierQuestion}
    assert tier_for(answers) is tier
    assert set(reasons_for(answers)) <= noes


def test_what_nobody_answered_counts_as_no():
    assert tier_for({}) is Tier.PRIVATE


def test_the_reason_is_the_refusal_that_decides():
    answers = {KNOWN: True, COPIED: False, DOWNLOADED: False, LEARNT: True}
    assert reasons_for(answers) == [COPIED]
