"""The rules that a round opened under, in words: they hold until it ends, whatever is voted for meanwhile."""

from typing import Final

from django.utils.functional import Promise

from catalog.governance.settings import SETTINGS
from catalog.pages.governance.wording import value_words
from training.rounds.models import Round

SHOWN: Final = ("round.", "contribution.", "weighting.")


def rules_of(round_: Round) -> list[tuple[str | Promise, str]]:
    """Return name and value of each rule that the round keeps to, in the order of the settings."""
    return [
        (setting.title, value_words(setting, int(round_.rules[key])))
        for key, setting in SETTINGS.items()
        if key in round_.rules and key.startswith(SHOWN)
    ]
