"""What each stage of the pipeline needs to know of data, as a table: field, stages, weight, and the reason.

Weights say how much a missing answer costs: 4 stops a careful team, 2 makes it ask, 1 makes it guess. The
letters R, P and C of FIELD.md §4 say who must answer; this table says whom the answer serves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.tiers import TRAINING_STAGES as TRAINING
from catalog.tiers import Stage, Tier

Record = Mapping[str, Any]
ALL: Final = frozenset(Stage)
CORPUS: Final = frozenset({Stage.PRETRAINING, Stage.CPT})
ALIGNMENT: Final = frozenset({Stage.SFT, Stage.PREFERENCE})
MEASURING: Final = frozenset({Stage.EVALUATION, Stage.CERTIFICATION_EVIDENCE})
PROOF: Final = frozenset({Stage.CERTIFICATION_EVIDENCE})


@dataclass(frozen=True, slots=True)
class Need:
    """One answer that some stages need.

    Attributes:
        path: dotted, in the record; ``files`` and ``facts`` are about the version itself.
        stages: which stages it matters for.
        weight: 4, 2 or 1, as above; a stage is ready when nothing of weight 4 is missing.
        missing: the sentence for a reader, which says what is missing and why it matters.
        applies: whether the question arises for a record at all.
    """

    path: str
    stages: frozenset[Stage]
    weight: int
    missing: str | Promise
    applies: Callable[[Record], bool] = lambda _record: True


def _not_open(record: Record) -> bool:
    return record.get("tier") not in (None, Tier.OPEN)


def _concerns_people(record: Record) -> bool:
    return record.get("personal_data") not in (None, "", "none")


def _is_generated(record: Record) -> bool:
    collection = record.get("collection")
    methods = collection.get("methods") if isinstance(collection, Mapping) else None
    return bool(record.get("synthetic")) or (isinstance(methods, list) and "synthetic" in methods)


NEEDS: Final = (
    Need("licence", ALL, 4, _("No licence or rights basis is known, so nobody may assume one.")),
    Need("rights.model_training", TRAINING, 4, _("It does not say whether models may be trained on it.")),
    Need("rights.commercial_use", ALL, 2, _("It does not say whether commercial use is permitted.")),
    Need("rights.redistribution", MEASURING, 2, _("It does not say whether results may show the data.")),
    Need("rights.attribution", ALL, 1, _("It does not say whether its source must be named.")),
    Need("languages", ALL, 4, _("No language is named.")),
    Need("files", ALL, 4, _("It has neither a file nor an address where the data are.")),
    Need("modality", ALL, 4, _("The kind of data is not named.")),
    Need("personal_data", ALL, 4, _("It does not say whether people can be recognised in it.")),
    Need("residency.boundary", ALL, 4, _("It does not say where the data must stay."), _not_open),
    Need("consent_basis", ALL, 4, _("The basis of consent is not named."), _concerns_people),
    Need("privacy_technology", ALL, 2, _("It does not say how people are protected."), _concerns_people),
    Need("origin", ALL, 2, _("Its origin is not told.")),
    Need("represents", ALL, 2, _("It does not say whom or what it represents.")),
    Need("description", ALL, 1, _("There is no description beyond the summary.")),
    Need("shares", CORPUS, 1, _("The share of each language is not given, which a mixture needs.")),
    Need("collection.methods", ALL, 1, _("It does not say how the data were collected.")),
    Need("temporal", MEASURING, 1, _("The time that the data speak of is not given.")),
    Need("regions", CORPUS | MEASURING, 1, _("No country or region is named.")),
    Need("facts", CORPUS | MEASURING, 2, _("No facts were computed or attested: sizes are claims.")),
    Need("size.records", ALL, 1, _("It does not say how many records there are.")),
    Need("processing.deduplication", CORPUS, 2, _("It does not say whether repetitions were removed.")),
    Need("processing.filters", CORPUS, 1, _("It does not say what was filtered out.")),
    Need("processing.curation", ALIGNMENT, 2, _("It does not say who wrote or chose the examples, and how.")),
    Need("screening", TRAINING, 2, _("It was not screened for unwanted content, as far as is told.")),
    Need("synthetic.terms", TRAINING, 4, _("The terms of its generator are not told."), _is_generated),
    Need("quality.score", ALIGNMENT | MEASURING, 1, _("Its quality was not measured.")),
    Need("quality.known_bias", ALL, 1, _("Known bias is not told.")),
    Need("quality.limits", ALL, 1, _("It does not say for what it is not good.")),
    Need("quality.contamination", MEASURING, 4, _("It does not say whether benchmarks leaked into it.")),
    Need("quality.expert_review", ALIGNMENT | PROOF, 2, _("No expert looked at it, as far as is told.")),
    Need("creators", PROOF, 2, _("Its creators are not named.")),
    Need("processing.tools", PROOF, 1, _("The tools that made it are not named.")),
)  # fmt: skip
