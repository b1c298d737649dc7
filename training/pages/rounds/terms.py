"""The rules that a round opened under, in words: they hold until it ends, whatever is voted for meanwhile."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext

from catalog.governance.settings import SETTINGS
from catalog.pages.governance.wording import value_words
from training.pages.checkpoints.rules import described_rule
from training.rounds.aggregation import is_adapted
from training.rounds.models import Round

SHOWN: Final = ("round.", "contribution.", "weighting.", "merge.")


def adapted_in(round_: Round) -> str:
    """Say how the merge is another than what was voted for, for want of updates; empty if it is not."""
    made = round_.result or round_.candidate
    if made is None or not is_adapted(round_, made.recipe):
        return ""
    used = described_rule(made.recipe)
    said = made.recipe["parameters"]
    hostile = int(said.get("hostile", said.get("trim", 0)))
    text = gettext(
        "Too few updates came in for what was voted: merged by the %(rule)s, reckoning with %(n)s hostile."
    )
    return text % {"rule": used.name if used else made.recipe["rule"], "n": hostile}


def rules_of(round_: Round) -> list[tuple[str | Promise, str]]:
    """Return name and value of each rule that the round keeps to, in the order of the settings."""
    return [
        (setting.title, value_words(setting, int(round_.rules[key])))
        for key, setting in SETTINGS.items()
        if key in round_.rules and key.startswith(SHOWN)
    ]
