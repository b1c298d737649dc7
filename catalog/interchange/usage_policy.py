"""A version's tier and rights as an ODRL 2.2 policy. It informs; what is enforced is `catalog.policy`."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from catalog.datasets.record.parts import Known
from catalog.tiers import RULES, Download, Tier

# The action is from a draft profile of the W3C ODRL community group, so it stands here once.
AI_TRAINING: Final = "odrl:ai-training"


def usage_policy(*, target: str, tier: Tier, rights: Mapping[str, Known]) -> dict[str, Any]:
    """Return the policy of one dataset; ``rights`` are the four answers of `catalog.datasets.record.Rights`.

    An unknown right permits nothing. Permitting ``use`` would include ``distribute``, so conflicts are
    settled for the prohibition.
    """
    given = {name for name, answer in rights.items() if answer is True}
    return {
        "@id": f"{target}#policy",
        "@type": "odrl:Set",
        "target": target,
        "conflict": "odrl:prohibit",
        **_rules("permission", _permitted(tier, given), given),
        **_rules("prohibition", _prohibited(tier, given), set()),
    }


def _permitted(tier: Tier, given: set[str]) -> Iterator[str]:
    if RULES[tier].download is Download.EVERYONE:
        yield "odrl:use"
        if "redistribution" in given:
            yield "odrl:distribute"
    if RULES[tier].shared_training and "model_training" in given:
        yield AI_TRAINING


def _prohibited(tier: Tier, given: set[str]) -> Iterator[str]:
    if RULES[tier].download is not Download.EVERYONE or "redistribution" not in given:
        yield "odrl:distribute"
    if "commercial_use" not in given:
        yield "odrl:commercialize"
    if not (RULES[tier].shared_training and "model_training" in given):
        yield AI_TRAINING


def _rules(kind: str, actions: Iterator[str], given: set[str]) -> dict[str, Any]:
    duty = {"duty": [{"action": "odrl:attribute"}]} if "attribution" in given else {}
    rules = [{"action": action, **duty} for action in actions]
    return {kind: rules} if rules else {}
