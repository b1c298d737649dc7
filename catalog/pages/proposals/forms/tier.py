"""Step "tier": how far the data may go. It comes first, because private data are never described here."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.design.tier_words import words_of_tier
from catalog.pages.proposals.forms.base import StepForm
from catalog.tiers import RULES, Tier, TierRules


class TierForm(StepForm):
    """The four tiers as cards with their consequences."""

    tier = forms.ChoiceField(
        label=_("Which tier?"),
        choices=[(str(tier), words_of_tier(tier).word) for tier in RULES],
        widget=forms.RadioSelect,
    )

    def tier_cards(self) -> Iterator[tuple[Any, TierRules]]:
        """Yield each radio button with what its tier means."""
        for button in self["tier"].subwidgets:
            yield button, RULES[Tier(str(button.data["value"]))]
