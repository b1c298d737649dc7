"""What the round starts from, and whom it learns from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.rounds.plan import TrainingPlan

DEFAULTS = TrainingPlan()


class BaseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none while it runs
    """One of the shared bases, as people call it."""

    def label_from_instance(self, obj: Checkpoint) -> str:
        """Return the base's name for people."""
        return obj.label


class ModelQuestions(CatalogForm):
    """The family, a teacher, and the seed."""

    family = forms.ModelChoiceField(
        ModelFamily.objects.filter(checkpoints__isnull=False).distinct(),
        to_field_name="slug",
        label=_("Model family"),
        empty_label=None,
        help_text=_("The round starts from its newest base. A family has one round at a time."),
    )
    teacher = BaseChoice(
        Checkpoint.objects.select_related("family").order_by("family__name", "-number"),
        to_field_name="digest",
        required=False,
        label=_("Teacher"),
        empty_label=_("none: the nodes train on text alone"),
        help_text=_(
            "A larger base of the same tokenizer. The nodes then distil it: they learn its whole "
            "distribution over the next token instead of the one token that follows."
        ),
    )
    temperature = forms.FloatField(
        label=_("Temperature of the distillation"),
        min_value=0.01,
        max_value=100,
        initial=DEFAULTS.temperature,
        required=False,
        help_text=_(
            "Higher values show more of what the teacher thinks of unlikely tokens. Only with a teacher."
        ),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**32 - 1,
        initial=DEFAULTS.seed,
        help_text=_("Makes a job on open data repeatable, so that others can compare."),
    )

    def clean(self) -> dict[str, Any]:
        """A teacher and its pupil read the same tokens."""
        said = super().clean() or {}
        family, teacher = said.get("family"), said.get("teacher")
        if family and teacher:
            same = (family.tokenizer, family.tokenizer_sha256)
            if (teacher.family.tokenizer, teacher.family.tokenizer_sha256) != same:
                self.add_error("teacher", _("It has another tokenizer than the family."))
        return said
