"""Step "seal": the signed commitment of private data, the one thing of them that comes here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from catalog.proposals.sealing import read_envelope
from provenance.errors import Invalid

LONGEST = 20_000  # characters; an envelope has about one thousand


class SealForm(CatalogForm):
    """What ``tapestry-node seal`` printed."""

    envelope = forms.CharField(
        label=_("Seal"),
        help_text=_("All that the command printed, from the first brace to the last."),
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 10, "spellcheck": "false", "class": "code", "autocomplete": "off"}
        ),
    )

    def clean_envelope(self) -> dict[str, Any]:
        """Return the JSON object."""
        try:
            return read_envelope(self.cleaned_data["envelope"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.message) from None
