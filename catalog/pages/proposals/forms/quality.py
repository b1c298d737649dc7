"""Step "quality": what the owner knows of the quality of the data (DM:6)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.forms.fields import LongTextField, PercentField


class QualityForm(StepForm):
    """Score and its method, repetition, contamination, bias, limits, and the word of experts."""

    parts = ("quality",)

    quality_score = PercentField(
        label=_("Score, in percent"),
        help_text=_("Where a method gives one. For example 92: of a hundred sentences 92 were found right."),
        required=False,
    )
    quality_method = forms.CharField(
        label=_("How was it measured?"),
        help_text=_("For example: two readers, 500 sentences drawn at random, agreement 0.81."),
        required=False,
        max_length=300,
    )
    quality_duplication = PercentField(
        label=_("Records that repeat another one, in percent"),
        help_text=_("As you know it, for example 4. What the catalog computes from files stands beside it."),
        required=False,
    )
    quality_contamination = LongTextField(
        label=_("Does it hold tasks of known benchmarks?"),
        help_text=_("Which were looked for, and how. For example: none of FLORES-200, by equal sentences."),
        required=False,
    )
    quality_known_bias = LongTextField(
        label=_("Whom does it favour or leave out?"),
        help_text=_("For example: nine tellers of ten are men over sixty."),
        required=False,
    )
    quality_limits = LongTextField(
        label=_("What is it not good for?"),
        help_text=_("For example: the spelling is old; it does not teach how people write today."),
        required=False,
    )
    quality_expert_review = LongTextField(
        label=_("Who with knowledge of the matter has looked at it?"),
        help_text=_("Name, role and date, and what they found."),
        required=False,
    )
