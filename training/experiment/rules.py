"""The rules that are compared under attack, with what each is told about how many are hostile."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Parameters = Callable[[int, int], dict[str, Any] | None]
"""From the number of updates and of hostile ones to the recipe's parameters; None where the rule can't be."""


def _plain(_count: int, _hostile: int) -> dict[str, Any]:
    return {}


def _krum(count: int, hostile: int) -> dict[str, Any] | None:
    return {"hostile": hostile} if count >= 2 * hostile + 3 else None


def _multi_krum(count: int, hostile: int) -> dict[str, Any] | None:
    one = _krum(count, hostile)
    return None if one is None else one | {"chosen": count - hostile}


def _trimmed(_count: int, hostile: int) -> dict[str, Any]:
    return {"trim": hostile}


RULES: Final[Mapping[str, Parameters]] = {
    "mean": _plain,
    "norm-clipped-mean": lambda _count, _hostile: {"clip": "1"},
    "krum": _krum,
    "multi-krum": _multi_krum,
    "geometric-median": _plain,
    "coordinate-median": _plain,
    "trimmed-mean": _trimmed,
    "ties": lambda _count, _hostile: {"density": "1/5"},
}
"""By name. Norms are clipped at the median one; TIES keeps a fifth of each update."""
