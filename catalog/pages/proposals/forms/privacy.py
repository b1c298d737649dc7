"""Step "privacy": whom the data concern, on what consent they rest, what they were screened for."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import Fold, StepForm, part_of
from catalog.pages.proposals.forms.fields import UNANSWERED, AddressField, LongTextField, YesNoField

SCREENED = [
    ("absent", _("Absent")),
    ("present", _("Present")),
    ("removed", _("Removed")),
    ("unknown", _("Not screened")),
]


class PrivacyForm(StepForm):
    """Personal data, consent of people and of communities, and a table of unwanted categories."""

    parts = ("community_consent", "screening")
    folds = (
        Fold(
            _("Consent of a community"),
            (
                "community_consent_what",
                "community_consent_use",
                "community_consent_weights_shared",
                "community_consent_revocation",
            ),
        ),
    )

    personal_data = forms.ChoiceField(
        label=_("Does it hold data about people?"),
        choices=choices_of("personal-data", defined=True),
        widget=forms.RadioSelect,
    )
    privacy_technology = forms.MultipleChoiceField(
        label=_("What was done to protect them?"),
        choices=choices_of("privacy-technology"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    consent_basis = forms.ChoiceField(
        label=_("On what basis may their data be used?"),
        choices=lambda: [UNANSWERED, *choices_of("consent-basis", defined=True)()],
        required=False,
        widget=forms.RadioSelect,
    )
    consent = LongTextField(
        label=_("In words"),
        help_text=_("Who agreed to what. For example: each speaker signed for research, and may step back."),
        rows=4,
        required=False,
    )
    consent_document = AddressField(
        label=_("Link to the consent form"),
        help_text=_("A page that everybody may read; a blank form, never a signed one."),
        required=False,
    )
    community_consent_what = LongTextField(
        label=_("What did the community agree to give?"),
        help_text=_("For example: tales that are told in public, none that belong to a rite."),
        required=False,
    )
    community_consent_use = LongTextField(
        label=_("For what may it be used?"),
        help_text=_("For example: models that speak the language, for schools first."),
        required=False,
    )
    community_consent_weights_shared = YesNoField(
        label=_("Did it agree that the weights of models are shared?"), required=False
    )
    community_consent_revocation = LongTextField(
        label=_("How can it take its consent back?"),
        help_text=_("For example: its assembly writes to the archive, which withdraws the entry."),
        required=False,
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for code, label in choices_of("unwanted-category")():
            self.fields[f"screening_{code}"] = forms.ChoiceField(
                label=label, choices=SCREENED, required=False, widget=forms.RadioSelect
            )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the initial values, the screening spread over one field for each category."""
        found = {f"screening_{code}": answer for code, answer in part_of(record, "screening").items()}
        return {**super().from_record(record), **found}

    def leading(self) -> Iterator[forms.BoundField]:
        """Yield the open fields without the table's."""
        yield from (field for field in super().leading() if not field.name.startswith("screening_"))

    def screening(self) -> list[forms.BoundField]:
        """Return the rows of the table."""
        return [self[name] for name in self.fields if name.startswith("screening_")]
