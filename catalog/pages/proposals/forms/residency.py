"""Step "residency": where the data may be, and what may leave that place."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import StepForm, WordsField, YesNoField, answered, part_of

PARTS = ("boundary", "storage", "processing", "raw_may_leave", "derived_may_leave", "updates_may_leave")


class ResidencyForm(StepForm):
    """The boundary, the places of storage and processing, and three yes-or-no questions."""

    residency_boundary = forms.CharField(
        label=_("Residency boundary"),
        help_text=_(
            "The territory or institution that the data stay in, such as VN or “the archive in Cusco”."
        ),
        max_length=200,
    )
    residency_storage = WordsField(
        label=_("Stored in"),
        help_text=_("Country codes, separated by commas: VN, KH."),
        most=50,
    )
    residency_processing = WordsField(
        label=_("Processed in"),
        help_text=_("Country codes of the places where a node may compute on it."),
        most=50,
    )
    residency_raw_may_leave = YesNoField(label=_("May the raw data leave the boundary?"))
    residency_derived_may_leave = YesNoField(label=_("May data derived from them leave it?"))
    residency_updates_may_leave = YesNoField(label=_("May weight updates of a model leave it?"))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of the residency spread over the fields."""
        residency = part_of(record, "residency")
        return {f"residency_{name}": residency.get(name) for name in PARTS}

    def as_patch(self) -> dict[str, Any]:
        """Return the residency under one name, None when nothing of it is answered."""
        return {"residency": answered({name: self.cleaned_data[f"residency_{name}"] for name in PARTS})}
