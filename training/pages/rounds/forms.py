"""The form that opens a round: every setting of the plan with what it does, and the terms of the round."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from catalog.pages.proposals.forms.base import CatalogForm
from training.manifest.parts import Lora
from training.pages.rounds.questions.bounds import MEBIBYTE, LimitQuestions, TermQuestions
from training.pages.rounds.questions.method import FULL, LORA, NUMBERS, MethodQuestions
from training.pages.rounds.questions.model import ModelQuestions
from training.pages.rounds.questions.training import TrainingQuestions
from training.rounds.plan import HeldOutRule, Limits, TrainingPlan

# Fields of the plan that are questions under the same name; the others are put together from several.
_SAME: Final = (
    *("steps", "batch_size", "accumulation", "sequence_length", "learning_rate", "warmup_steps"),
    *("weight_decay", "mixture", "seed", "dtype", "codec", "gradient_checkpointing", "deterministic"),
    *("checkpoint_every", "evaluation_seconds"),
)
# Where a refusal of the plan is shown that names a part which the form asks for in other words.
_ASKED_AS: Final = {
    ("held_out", "every"): "held_out_every",
    ("limits", "seconds"): "limit_seconds",
    ("limits", "memory_bytes"): "limit_mebibytes",
    ("rank",): "lora_rank",
    ("alpha",): "lora_alpha",
    ("targets",): "lora_targets",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that share a heading; ``folded`` ones stand closed until they matter."""

    name: str
    title: str | Promise
    fields: tuple[str, ...]
    folded: tuple[str, ...] = ()
    fold_title: str | Promise = ""


class OpenRoundForm(ModelQuestions, TrainingQuestions, MethodQuestions, LimitQuestions, TermQuestions):
    """The plan's own bounds (`training.rounds.plan`) are asked again when it is built."""

    plan: TrainingPlan
    parts: ClassVar[tuple[Part, ...]] = (
        Part("model", _("Model"), tuple(ModelQuestions.base_fields)),
        Part("training", _("Training"), tuple(TrainingQuestions.base_fields)),
        Part("method", _("Method"), ("method",), LORA, _("Settings of the adapters")),
        Part("numbers", _("Numbers and checks"), NUMBERS),
        Part("limits", _("Limits"), tuple(LimitQuestions.base_fields)),
        Part("decision", _("Terms of the round"), tuple(TermQuestions.base_fields)),
    )

    field_order = tuple(name for part in parts for name in (*part.fields, *part.folded))

    def grouped(self) -> Iterator[tuple[Part, list[forms.BoundField], list[forms.BoundField], bool]]:
        """Yield each part with its fields, those that are folded, and whether these stand open."""
        for part in self.parts:
            folded = [self[name] for name in part.folded]
            is_open = any(field.errors for field in folded) or self["method"].value() != FULL
            yield part, [self[name] for name in part.fields], folded, is_open

    @property
    def deadline(self) -> datetime | None:
        """Until when it collects; None leaves it to the rule in force."""
        hours = self.cleaned_data["hours"]
        return timezone.now() + timedelta(hours=hours) if hours else None

    def clean(self) -> dict[str, Any]:
        """Build the plan; what its own rules refuse is told at the field."""
        said = super().clean()
        if not self.errors:
            try:
                self.plan = _plan(said)
            except ValidationError as error:
                for each in error.errors():
                    name = _field_of(each["loc"])
                    self.add_error(name if name in self.fields else None, each["msg"])
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
    teacher = said["teacher"]
    return TrainingPlan(
        **{name: said[name] for name in _SAME},
        teacher=teacher.digest if teacher else "",
        temperature=said["temperature"] or 1.0,
        lora=None if said["method"] == FULL else Lora(**_lora(said)),
        hooks=tuple(said["hooks"]),
        held_out=HeldOutRule(every=said["held_out_every"]),
        limits=Limits(seconds=said["limit_seconds"], memory_bytes=said["limit_mebibytes"] * MEBIBYTE),
    )


def _lora(said: dict[str, Any]) -> dict[str, Any]:
    rank, alpha, targets = (said[name] for name in LORA)
    return {"rank": rank, "alpha": alpha, "targets": tuple(targets)}


def _field_of(place: tuple[int | str, ...]) -> str:
    names = tuple(str(part) for part in place if isinstance(part, str))
    return _ASKED_AS.get(names) or (names[0] if names else "")
