"""Step "extent": how much there is, and where it is kept when not here (DM:2)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.forms.fields import AddressField, NumberField


class ExtentForm(StepForm):
    """The declared size, for data whose files do not tell it, and the address of what is kept elsewhere."""

    parts = ("size",)

    located_at = AddressField(
        label=_("Address, if the data are kept elsewhere"),
        help_text=_("Such as https://archive.example/tales. Then no file has to be attached."),
        required=False,
    )
    size_bytes = NumberField(
        label=_("Bytes"),
        help_text=_("Where no attached file tells it. For example 1200000000 for 1.2 GB."),
        required=False,
    )
    size_records = NumberField(
        label=_("Records"), help_text=_("Documents, sentences, pictures or rows."), required=False
    )
    size_tokens = NumberField(label=_("Tokens"), required=False)
    size_tokenizer = forms.CharField(
        label=_("Counted by which tokenizer?"),
        help_text=_("Without its name a number of tokens says nothing. For example: that of XGLM."),
        required=False,
        max_length=200,
    )
