"""Step "provenance and privacy": where it comes from, whom it concerns, who answers for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import LONG_TEXT, StepForm, answered, part_of


class PrivacyForm(StepForm):
    """Origin, personal data, consent and the person to ask."""

    origin = forms.CharField(
        label=_("Where does it come from, and how was it collected?"),
        help_text=_("Sources, dates, methods, filters and tools. Name pinned versions of other datasets."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    personal_data = forms.ChoiceField(
        label=_("Does it hold data about people?"),
        choices=choices_of("personal-data", defined=True),
        widget=forms.RadioSelect,
    )
    consent = forms.CharField(
        label=_("On what consent does it rest?"),
        help_text=_("Who agreed to what, whether weights may be shared, and how consent is taken back."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact_name = forms.CharField(label=_("Who answers questions?"), max_length=200)
    contact_email = forms.EmailField(label=_("E-mail address for questions"), max_length=254)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values, the contact spread over two fields."""
        contact = part_of(record, "contact")
        both = {"contact_name": contact.get("name"), "contact_email": contact.get("email")}
        return {**super().from_record(record), **both}

    def as_patch(self) -> dict[str, Any]:
        """Return origin, personal data and consent, and the contact under one name."""
        given = self.cleaned_data
        return {
            "origin": given["origin"],
            "personal_data": given["personal_data"] or None,
            "consent": given["consent"],
            "contact": answered({"name": given["contact_name"], "email": given["contact_email"]}),
        }
