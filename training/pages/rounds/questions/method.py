"""Which weights move, in which numbers they are computed and sent, and what is measured beside the loss."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from training.rounds.plan import TrainingPlan

DEFAULTS = TrainingPlan()
TARGETS: Final = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
LORA: Final = ("lora_rank", "lora_alpha", "lora_targets")
FULL: Final = "full"
NUMBERS: Final = (
    *("dtype", "codec", "gradient_checkpointing", "deterministic", "checkpoint_every", "hooks"),
)


class MethodQuestions(CatalogForm):
    """Full weights or adapters, types of numbers, and what makes a job repeatable."""

    method = forms.ChoiceField(
        label=_("Method"),
        choices=[
            (FULL, _("all weights")),
            ("lora", _("low-rank adapters (LoRA): less memory, a smaller change")),
        ],
        initial=FULL,
        widget=forms.RadioSelect,
        help_text=_("The update is merged in the same way: of adapters it is their product."),
    )
    lora_rank = forms.IntegerField(
        label=_("Rank of the adapters"),
        min_value=1,
        max_value=1024,
        initial=16,
        required=False,
        help_text=_("How many directions each of them may change. Only with adapters."),
    )
    lora_alpha = forms.IntegerField(
        label=_("Alpha of the adapters"),
        min_value=1,
        max_value=4096,
        initial=32,
        required=False,
        help_text=_("Their change is multiplied by alpha over rank. Only with adapters."),
    )
    lora_targets = forms.MultipleChoiceField(
        label=_("Layers with adapters"),
        choices=[(name, name) for name in TARGETS],
        initial=["q_proj", "k_proj", "v_proj", "o_proj"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The same in every block. Only with adapters."),
    )
    dtype = forms.ChoiceField(
        label=_("Numbers while training"),
        choices=[
            ("fp32", _("fp32: exact and slow, works everywhere")),
            ("bf16", _("bf16: half the memory, fast where the hardware has it")),
        ],
        initial=DEFAULTS.dtype,
        widget=forms.RadioSelect,
        help_text=_("The same on every node; one that can not compute in them refuses the job."),
    )
    codec = forms.ChoiceField(
        label=_("Numbers of the update that is sent"),
        choices=[
            ("fp32", _("fp32: exact, four bytes for each weight")),
            ("bf16", _("bf16: half of that")),
            ("int8-block", _("int8 in blocks: a quarter")),
            ("int4-block", _("int4 in blocks: an eighth, with the largest error")),
        ],
        initial=DEFAULTS.codec,
        widget=forms.RadioSelect,
        help_text=_(
            "Updates are rounded before they are signed, so that all compute with the same bytes. The error "
            "against fp32 stands in the signed statement and on the review page."
        ),
    )
    gradient_checkpointing = forms.BooleanField(
        label=_("Compute activations again instead of keeping them"),
        required=False,
        initial=DEFAULTS.gradient_checkpointing,
        help_text=_("Needs less memory and about a third more time."),
    )
    deterministic = forms.BooleanField(
        label=_("Deterministic"),
        required=False,
        initial=DEFAULTS.deterministic,
        help_text=_(
            "The same job gives the same bytes, so that another node can check it by doing it again."
        ),
    )
    checkpoint_every = forms.IntegerField(
        label=_("Steps between a node’s own checkpoints"),
        min_value=0,
        max_value=1_000_000,
        initial=DEFAULTS.checkpoint_every,
        help_text=_("So much work is lost at most when a machine dies. 0 leaves it to the node."),
    )
    hooks = forms.MultipleChoiceField(
        label=_("Measured beside the loss"),
        choices=[
            ("curve", _("the curve of the loss")),
            ("gradient-norm", _("the norm of the gradient")),
            ("memory", _("memory in use")),
            ("energy", _("energy, where the machine can tell")),
        ],
        initial=["curve", "memory", "energy"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("From a closed list: no code travels with a job."),
    )

    def clean(self) -> dict[str, Any]:
        """Adapters need all that describes them."""
        said = super().clean() or {}
        if said.get("method") == "lora":
            for name in LORA:
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Adapters need this."))
        return said
