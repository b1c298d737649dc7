"""The form by which a maintainer begins a family with an imported model."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.families.models import ImportedModel


class FoundFamilyForm(forms.Form):
    """Name and address of the new family, and a word that one means it: a base stays for ever."""

    name = forms.CharField(label=_("Name of the family"), max_length=200)
    slug = forms.SlugField(
        label=_("Its short name in addresses"),
        max_length=80,
        help_text=_("Lower-case letters, digits and hyphens. It can not be changed later."),
    )
    sure = forms.BooleanField(
        label=_("I have read the model’s licence and its card"),
        help_text=_("Its base 0 stays in the log and in the lineage of every base after it."),
    )

    def __init__(self, *args: Any, model: ImportedModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = model.name
