"""How long and how fast each node trains, and on what share of the data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from training.rounds.plan import TrainingPlan

DEFAULTS = TrainingPlan()


class TrainingQuestions(CatalogForm):
    """Steps, batches, the learning rate and the mixture."""

    steps = forms.IntegerField(
        label=_("Steps"),
        min_value=1,
        max_value=1_000_000,
        initial=DEFAULTS.steps,
        help_text=_("How often each node updates the weights; the same on every node."),
    )
    batch_size = forms.IntegerField(
        label=_("Batch size"),
        min_value=1,
        max_value=65_536,
        initial=DEFAULTS.batch_size,
        help_text=_("Sequences that are computed together; several accelerators of a node share them out."),
    )
    accumulation = forms.IntegerField(
        label=_("Batches in one step"),
        min_value=1,
        max_value=4096,
        initial=DEFAULTS.accumulation,
        help_text=_("Their gradients are summed before the weights move: a larger step in the same memory."),
    )
    sequence_length = forms.IntegerField(
        label=_("Sequence length, in tokens"),
        min_value=8,
        max_value=131_072,
        initial=DEFAULTS.sequence_length,
        help_text=_("For the byte-level demonstration family one token is one byte."),
    )
    learning_rate = forms.FloatField(
        label=_("Learning rate"),
        min_value=1e-9,
        max_value=1,
        initial=DEFAULTS.learning_rate,
        help_text=_("At its highest; it rises over the warm-up and then falls to zero as a cosine."),
    )
    warmup_steps = forms.IntegerField(
        label=_("Warm-up steps"),
        min_value=0,
        max_value=1_000_000,
        initial=DEFAULTS.warmup_steps,
        help_text=_("At most as many as there are steps."),
    )
    weight_decay = forms.FloatField(
        label=_("Weight decay"),
        min_value=0,
        max_value=1,
        initial=DEFAULTS.weight_decay,
        help_text=_("How strongly AdamW pulls weights towards zero."),
    )
    mixture = forms.ChoiceField(
        label=_("Mixture"),
        choices=[
            ("bytes", _("by size: every text is read as often as every other")),
            ("equal", _("equal: small datasets are read as much as large ones")),
        ],
        initial=DEFAULTS.mixture,
        widget=forms.RadioSelect,
        help_text=_("How often a node draws from each of its dataset versions."),
    )
    held_out_every = forms.IntegerField(
        label=_("Keep back one paragraph in …"),
        min_value=2,
        max_value=1000,
        initial=DEFAULTS.held_out.every,
        help_text=_("Chosen by their content and never trained on; the evaluation reads them."),
    )

    def clean(self) -> dict[str, Any]:
        """The manifest has the same rule: broken there, the round would be open already."""
        said = super().clean() or {}
        steps, warmup = said.get("steps"), said.get("warmup_steps")
        if steps is not None and warmup is not None and warmup > steps:
            self.add_error("warmup_steps", _("There are fewer steps than that."))
        return said
