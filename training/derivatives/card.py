"""The sections of a model card, after Mitchell et al. 2019, "Model Cards for Model Reporting"."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from provenance.errors import Invalid
from provenance.text import plain_text

LONGEST: Final = 4000  # characters of a section
SECTIONS: Final[Mapping[str, str | Promise]] = {
    "details": _("Model details"),
    "intended_use": _("Intended use, and what it is not for"),
    "factors": _("Groups, dialects and conditions that matter"),
    "metrics": _("Measures"),
    "evaluation_data": _("Evaluation data"),
    "training_data": _("Training data"),
    "results": _("Results, for each group and measure"),
    "ethics": _("Ethical considerations and consent"),
    "caveats": _("Caveats and recommendations"),
}
REQUIRED: Final = ("intended_use", "caveats")
"""What nobody but the member can say, and everybody who meets the model has to know."""


def checked_card(card: Mapping[str, str]) -> dict[str, str]:
    """Return the sections that say something, in their order.

    Raises:
        Invalid: ``card-malformed`` for an unknown section; ``card-incomplete`` names each that is needed;
            ``text-malformed``.
    """
    if strange := sorted(set(card) - set(SECTIONS)):
        told = {name: ["no section of a model card"] for name in strange}
        raise Invalid("A model card has no such section.", code="card-malformed", fields=told)
    kept = {name: plain_text(card.get(name, ""), field=name, longest=LONGEST) for name in SECTIONS}
    if missing := [name for name in REQUIRED if not kept[name]]:
        told = {name: ["is needed"] for name in missing}
        raise Invalid("The model card lacks what readers need first.", code="card-incomplete", fields=told)
    return {name: text for name, text in kept.items() if text}
