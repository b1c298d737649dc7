"""The rule and the outer optimizer of a base in words: what they are called, come from and withstand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.governance.settings import SETTINGS
from training.merge import RULES, SERVERS, VOTED

_LONG: Final = ("coefficients", "weights")  # a number for each contribution
_WEIGHTED: Final[tuple[str | Promise, str | Promise]] = (
    _("weighted mean"),
    _("The mean, with less weight for members that would otherwise count more than the cap allows."),
)


@dataclass(frozen=True, slots=True)
class Described:
    """A rule or an optimizer: its name, a note on what it does, its paper, and its exact parameters.

    ``breakdown`` of a rule: how many of n updates may be anything. ``exact``: numbers by contribution.
    """

    name: str | Promise
    note: str | Promise
    paper: str
    parameters: list[tuple[str, Any]]
    breakdown: str = ""
    exact: Mapping[str, str] | None = None


def described_rule(recipe: Mapping[str, Any]) -> Described | None:
    """Describe the rule of a recipe; None for a base that was not merged."""
    rule = RULES.get(recipe["rule"])
    if rule is None:
        return None
    name, note = _WEIGHTED
    if rule.voted:
        name, note = SETTINGS["merge.rule"].explained[VOTED.index(rule.name)]
    said = recipe["parameters"]
    exact = next((said[key] for key in _LONG if said.get(key)), None)
    plain = [(key, value) for key, value in sorted(said.items()) if key not in _LONG]
    return Described(name, note, rule.paper, plain, rule.breakdown, exact)


def described_server(recipe: Mapping[str, Any]) -> Described:
    """Describe what was done with the aggregated update."""
    said = recipe.get("server") or {"name": "plain"}
    name, note = SETTINGS["merge.server"].explained[list(SERVERS).index(said["name"])]
    plain = [(key, value) for key, value in sorted(said.items()) if key not in ("name", "state")]
    return Described(name, note, SERVERS[said["name"]].paper, plain)
