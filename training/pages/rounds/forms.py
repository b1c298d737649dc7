"""The form that opens a round: every number of the plan with what it does, and the rules of the review."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from catalog.governance.reading import rule
from catalog.pages.proposals.forms.base import CatalogForm
from training.families.models import ModelFamily
from training.rounds.plan import HeldOutRule, Limits, TrainingPlan

MEBIBYTE = 2**20
WEEK = 7 * 86_400
DEFAULTS = TrainingPlan()


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that share a heading."""

    name: str
    title: str | Promise
    fields: tuple[str, ...]


class OpenRoundForm(CatalogForm):
    """The plan's own bounds (`training.rounds.plan`) are asked again when it is built."""

    plan: TrainingPlan
    parts: ClassVar[tuple[Part, ...]] = (
        Part("model", _("Model"), ("family", "seed")),
        Part(
            "training",
            _("Training"),
            (
                "steps",
                "batch_size",
                "sequence_length",
                "learning_rate",
                "warmup_steps",
                "weight_decay",
                "held_out_every",
            ),
        ),
        Part("limits", _("Limits"), ("limit_seconds", "limit_mebibytes", "evaluation_seconds", "deadline")),
        Part("decision", _("Decision"), ("quorum", "minimum_contributions")),
    )

    family = forms.ModelChoiceField(
        ModelFamily.objects.filter(checkpoints__isnull=False).distinct(),
        to_field_name="slug",
        label=_("Model family"),
        empty_label=None,
        help_text=_("The round starts from its newest base. A family has one round at a time."),
    )
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
        help_text=_("Sequences in one step."),
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
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**32 - 1,
        initial=DEFAULTS.seed,
        help_text=_("Makes a job on open data repeatable, so that others can compare."),
    )
    held_out_every = forms.IntegerField(
        label=_("Keep back one paragraph in …"),
        min_value=2,
        max_value=1000,
        initial=DEFAULTS.held_out.every,
        help_text=_("Chosen by their content and never trained on; the evaluation reads them."),
    )
    limit_seconds = forms.IntegerField(
        label=_("Time for a job, in seconds"),
        min_value=1,
        max_value=WEEK,
        initial=DEFAULTS.limits.seconds,
        help_text=_("A node ends a job that takes longer."),
    )
    limit_mebibytes = forms.IntegerField(
        label=_("Memory for a job, in MiB"),
        min_value=64,
        max_value=2**26,
        initial=DEFAULTS.limits.memory_bytes // MEBIBYTE,
        help_text=_("A node ends a job that needs more."),
    )
    evaluation_seconds = forms.IntegerField(
        label=_("Time for the evaluation, in seconds"),
        min_value=1,
        max_value=WEEK,
        initial=DEFAULTS.evaluation_seconds,
        help_text=_("After it the round closes with the figures that have come in."),
    )
    quorum = forms.IntegerField(
        label=_("Members that must agree"),
        max_value=100,
        help_text=_("How many members must accept or reject each contribution."),
    )
    minimum_contributions = forms.IntegerField(
        label=_("Contributions needed"),
        min_value=1,
        max_value=10_000,
        initial=1,
        help_text=_("With fewer the round is abandoned and the base stays as it is."),
    )
    deadline = forms.DateTimeField(
        label=_("Contributions until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_(
            "UTC. A node that has not contributed by then is left out, with the cause in the log. "
            "Empty: three times a job’s time."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        least = rule("contribution.quorum")
        quorum = self.fields["quorum"]
        quorum.initial = quorum.widget.attrs["min"] = least
        quorum.validators.append(MinValueValidator(least))

    def grouped(self) -> Iterator[tuple[Part, list[forms.BoundField]]]:
        """Yield each part of the form with its fields."""
        for part in self.parts:
            yield part, [self[name] for name in part.fields]

    def clean(self) -> dict[str, Any]:
        """Build the plan; what its own rules refuse is told at the field."""
        said = super().clean() or {}
        steps, warmup = said.get("steps"), said.get("warmup_steps")
        if steps is not None and warmup is not None and warmup > steps:
            self.add_error("warmup_steps", _("There are fewer steps than that."))
        if not self.errors:
            try:
                self.plan = _plan(said)
            except ValidationError as error:
                self.add_error(None, "; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors()))
        return said


class AbandonForm(CatalogForm):
    """Why a round ends before its time."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the public log, and every member reads it."),
    )


def _plan(said: dict[str, Any]) -> TrainingPlan:
    same = ("steps", "batch_size", "sequence_length", "learning_rate", "warmup_steps", "weight_decay", "seed")
    return TrainingPlan(
        **{name: said[name] for name in (*same, "evaluation_seconds")},
        held_out=HeldOutRule(every=said["held_out_every"]),
        limits=Limits(seconds=said["limit_seconds"], memory_bytes=said["limit_mebibytes"] * MEBIBYTE),
    )
