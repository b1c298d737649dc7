"""The forms by which a maintainer begins a family with an imported model, and gathers families."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from training.families.models import ImportedModel, ModelFamily, ModelSeries


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


class FoundSeriesForm(CatalogForm):
    """Name and address of a series, and the family whose tokenizer all others will have."""

    name = forms.CharField(label=_("Name of the series"), max_length=200)
    slug = forms.SlugField(
        label=_("Its short name in addresses"),
        max_length=80,
        help_text=_("Lower-case letters, digits and hyphens. It can not be changed later."),
    )
    family = forms.ModelChoiceField(
        ModelFamily.objects.filter(series=None),
        to_field_name="slug",
        label=_("Its first family"),
        empty_label=None,
        help_text=_("Others join it with the same tokenizer. A family stays in its series."),
    )


class JoinSeriesForm(CatalogForm):
    """Which family joins."""

    family = forms.ModelChoiceField(
        ModelFamily.objects.none(),
        to_field_name="slug",
        label=_("Family"),
        empty_label=None,
        help_text=_("Families of the same tokenizer that belong to no series. A family stays in its series."),
    )

    def __init__(self, *args: Any, series: ModelSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tokenizer = {"tokenizer": series.tokenizer, "tokenizer_sha256": series.tokenizer_sha256}
        field = self.fields["family"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = ModelFamily.objects.filter(series=None, **tokenizer)
