"""Step "tier and rights": how freely it may be seen, copied and trained on, and on what grounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_licence
from catalog.design.terms import choices_of
from catalog.design.tier_words import words_of_tier
from catalog.pages.proposals.forms.base import StepForm, YesNoField, answered, part_of
from catalog.tiers import RULES, Tier, TierRules

RIGHTS = ("commercial_use", "model_training", "redistribution", "attribution")


class RightsForm(StepForm):
    """The tier as cards with its consequences, the licence, four questions and the permitted stages."""

    tier = forms.ChoiceField(
        label=_("Which tier?"),
        choices=[(str(tier), words_of_tier(tier).word) for tier in RULES],
        widget=forms.RadioSelect,
    )
    licence = forms.CharField(
        label=_("Licence or rights basis"),
        help_text=_(
            "An SPDX expression such as CC-BY-4.0, a named basis such as LicenseRef-Community-Consent, "
            "or the word unknown. Unknown is an honest answer; it is never read as a permission."
        ),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off", "spellcheck": "false"}),
    )
    rights_commercial_use = YesNoField(label=_("May it be used commercially?"))
    rights_model_training = YesNoField(label=_("May models be trained on it?"))
    rights_redistribution = YesNoField(label=_("May it be passed on?"))
    rights_attribution = YesNoField(label=_("Must its source be named?"))
    permitted_stages = forms.MultipleChoiceField(
        label=_("For which stages of training do you permit it?"),
        choices=choices_of("stage", defined=True),
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values, the four rights spread over their fields."""
        rights = part_of(record, "rights")
        return {**super().from_record(record), **{f"rights_{name}": rights.get(name) for name in RIGHTS}}

    def tier_cards(self) -> Iterator[tuple[Any, TierRules]]:
        """Yield each radio button with what its tier means."""
        for button in self["tier"].subwidgets:
            yield button, RULES[Tier(str(button.data["value"]))]

    def clean_licence(self) -> str:
        """Return the expression in SPDX's canonical form."""
        text: str = self.cleaned_data["licence"]
        try:
            return check_licence(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def as_patch(self) -> dict[str, Any]:
        """Return tier, licence, stages, and the rights under one name."""
        given = self.cleaned_data
        return {
            "tier": given["tier"] or None,
            "licence": given["licence"] or None,
            "rights": answered({name: given[f"rights_{name}"] for name in RIGHTS}),
            "permitted_stages": given["permitted_stages"] or None,
        }
