"""The sizes of a series side by side: parameters, newest base, and what each needs for the same texts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Avg

from catalog.datasets.models import DatasetVersion
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint, Evaluation
from training.families.models import ModelFamily, ModelSeries
from training.merge import ArchitectureConfig

MOST_LANGUAGES: Final = 6


@dataclass(frozen=True, slots=True)
class Size:
    """One family: ``bits`` are bits per byte of its newest base, in the order of the languages.

    ``teacher`` is the newest base of the next larger family, where there is one.
    """

    family: ModelFamily
    parameters: int
    head: Checkpoint | None
    bits: tuple[float | None, ...]
    teacher: Checkpoint | None


def sizes_of(series: ModelSeries, actor: Actor) -> tuple[list[str], list[Size]]:
    """Return the languages that were measured most, and the families from the largest; two queries.

    Only figures on dataset versions that ``actor`` may discover count (INV-6).
    """
    families = list(series.families.select_related("head__family"))
    bits = _bits([family.head for family in families if family.head], actor)
    counted = Counter(language for found in bits.values() for language in found)
    languages = sorted(language for language, _count in counted.most_common(MOST_LANGUAGES))
    ranked = sorted(families, key=lambda family: (-_parameters(family), family.slug))
    larger: Checkpoint | None = None
    sizes = []
    for family in ranked:
        found = bits.get(family.head_id or 0, {})
        cells = tuple(found.get(language) for language in languages)
        sizes.append(Size(family, _parameters(family), family.head, cells, larger))
        larger = family.head or larger
    return languages, sizes


def _bits(heads: list[Checkpoint], actor: Actor) -> Mapping[int, dict[str, float]]:
    visible = DatasetVersion.objects.visible_to(actor)
    rows = Evaluation.objects.filter(checkpoint__in=heads, version__in=visible)
    means = rows.order_by().values_list("checkpoint", "language").annotate(Avg("bits_per_byte"))
    found: dict[int, dict[str, float]] = {}
    for checkpoint, language, mean in means:
        found.setdefault(checkpoint, {})[language] = mean
    return found


def _parameters(family: ModelFamily) -> int:
    return ArchitectureConfig.model_validate(family.architecture).parameters()
