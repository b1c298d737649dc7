"""A version's tier and rights as an ODRL 2.2 policy. It informs; what is enforced is `catalog.policy`."""

from collections.abc import Iterator
from typing import Any, Final

from catalog.tiers import RULES, Download, Tier

# The action is from a draft profile of the W3C ODRL community group, so it stands here once.
AI_TRAINING: Final = "odrl:ai-training"


def usage_policy(*, target: str, tier: Tier, rights: dict[str, bool]) -> dict[str, Any]:
    """Return the policy of one dataset; ``rights`` are the four answers of `catalog.datasets.record.Rights`.

    Permitting ``use`` would include ``distribute``, so conflicts are settled for the prohibition.
    """
    return {
        "@id": f"{target}#policy",
        "@type": "odrl:Set",
        "target": target,
        "conflict": "odrl:prohibit",
        **_rules("permission", _permitted(tier, rights), rights),
        **_rules("prohibition", _prohibited(tier, rights), {}),
    }


def _permitted(tier: Tier, rights: dict[str, bool]) -> Iterator[str]:
    if RULES[tier].download is Download.EVERYONE:
        yield "odrl:use"
        if rights["redistribution"]:
            yield "odrl:distribute"
    if RULES[tier].shared_training and rights["model_training"]:
        yield AI_TRAINING


def _prohibited(tier: Tier, rights: dict[str, bool]) -> Iterator[str]:
    if RULES[tier].download is not Download.EVERYONE or not rights["redistribution"]:
        yield "odrl:distribute"
    if not rights["commercial_use"]:
        yield "odrl:commercialize"
    if not (RULES[tier].shared_training and rights["model_training"]):
        yield AI_TRAINING


def _rules(kind: str, actions: Iterator[str], rights: dict[str, bool]) -> dict[str, Any]:
    duty = {"duty": [{"action": "odrl:attribute"}]} if rights.get("attribution") else {}
    rules = [{"action": action, **duty} for action in actions]
    return {kind: rules} if rules else {}
