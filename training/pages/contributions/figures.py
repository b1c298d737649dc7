"""The few figures that stand above all evidence, each in words, with its unit."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from training.contributions.evidence.gathering import Evidence
from training.contributions.evidence.measures import Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, as templates/components/key_figures.html shows it."""

    label: str
    value: str
    unit: str | Promise = ""


def strip_of(evidence: Evidence) -> list[Figure]:
    """Return what was measured, its own domain first; what was not measured is left out."""
    bits = _("bits per byte")
    measured = (
        (_("With it, own domain"), evidence.measures.own),
        (_("With it, everything else"), evidence.measures.elsewhere),
    )
    figures = [Figure(label, change, bits) for label, each in measured if (change := _change(each))]
    beside = evidence.beside
    if beside is None:
        return figures
    if beside.norm_ratio is not None:
        figures.append(Figure(_("Norm, of the others’ median"), f"{number_format(beside.norm_ratio, 2)} ×"))
    if beside.mean_cosine is not None:
        figures.append(Figure(_("Mean cosine to the others"), signed(beside.mean_cosine)))
    if beside.coefficient is not None:
        figures.append(Figure(_("Share in the merge"), number_format(100 * beside.coefficient, 1), "%"))
    return figures


def signed(value: float, digits: int = 2) -> str:
    """Write a number with its sign, in the reader's figures."""
    text = number_format(abs(value), digits)
    if round(abs(value), digits) == 0:
        return text
    return f"{'−' if value < 0 else '+'}{text}"


def _change(measure: Measure | None) -> str:
    """Less is better: what the update changes against the model without it."""
    return "" if measure is None or measure.value is None else signed(-measure.value)
