"""A record in which every question is answered, and the list of all questions that the record's form asks."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Final, get_args

from catalog.datasets.record import DatasetRecord
from catalog.datasets.record.parts import Part

MAXIMAL: Final[dict[str, Any]] = {
    "title": {"en": "Letters of the delta", "ar": "رسائل الدلتا"},
    "summary": {"en": "Letters, one a line."},
    "description": {"en": "Collected by their writers.\nRead by two editors."},
    "artifact_type": "pre-training",
    "contact": {"name": "An", "email": "an@example.org", "role": "Archivist"},
    "creators": [{"name": "An"}, {"name": "Institute of the Delta", "address": "https://ror.org/05a28rw58"}],
    "affirmed": True,
    "modality": "text",
    "themes": ["EDUC", "SOCI"],
    "keywords": ["letters", "chuyện cổ tích"],
    "languages": ["vi", "km"],
    "shares": {"vi": 0.607, "km": 0.39},
    "represents": "Writers of the delta",
    "regions": ["VN", "035"],
    "temporal": {"start": "1954-07-21", "end": "2020-12-31"},
    "size": {"bytes": 1200, "records": 40, "tokens": 300, "tokenizer": "words between spaces"},
    "located_at": "https://archive.example/letters?lang=vi",
    "tier": "train-only",
    "licence": "LicenseRef-Delta",
    "rights": {
        "commercial_use": "unknown",
        "model_training": True,
        "redistribution": False,
        "attribution": True,
    },
    "permitted_stages": ["cpt", "evaluation"],
    "prohibited_uses": ["surveillance", "military"],
    "retention_days": 90,
    "embargo_until": "2031-01-01",
    "benefit_sharing": "Schools use what is trained on it for nothing.",
    "terms_of_service": "none",
    "export_control": "none",
    "excluded_sources": "Letters of the living.",
    "residency": {
        "boundary": "The archive",
        "storage": ["VN"],
        "processing": ["VN", "KH"],
        "raw_may_leave": False,
        "derived_may_leave": False,
        "updates_may_leave": True,
        "controls": ["access-control", "tee"],
        "epsilon": 2.5,
    },
    "origin": "Letters that their writers gave.",
    "collection": {
        "methods": ["digitisation"],
        "period": {"start": "2021-01-01", "end": "2022-02-28"},
    },
    "processing": {
        "curation": "Two editors.",
        "deduplication": "Equal lines.",
        "filters": "Nothing under ten words.",
        "tools": "sort 9.1\nuniq 9.1",
    },
    "sources": [{"dataset": "envelopes", "version": 3}, {"dataset": "stamps", "version": 1}],
    "synthetic": {"generator": "delta-2b", "terms": "Apache-2.0"},
    "personal_data": "pseudonymous",
    "privacy_technology": ["pseudonymisation", "redaction"],
    "consent_basis": "individual-consent",
    "consent": "Each writer signed.",
    "consent_document": "https://archive.example/consent.pdf",
    "community_consent": {
        "what": "Letters, no diaries.",
        "use": "Models that speak the language.",
        "weights_shared": False,
        "revocation": "A letter to the archive.",
    },
    "screening": {"pii": "removed", "hate": "absent", "cse": "unknown", "regionally-illegal": "present"},
    "quality": {
        "score": 0.92,
        "method": "Two readers, 500 lines.",
        "duplication": 0.043,
        "contamination": "None of FLORES-200.",
        "known_bias": "Men wrote most of them.",
        "limits": "Old spelling.",
        "expert_review": "A linguist in 2024.",
    },
}


def questions(part: type[Part] = DatasetRecord, prefix: str = "") -> Iterator[str]:
    """Yield the dotted path of each answer that a record can hold; lists and mappings are one answer each."""
    for name, field in part.model_fields.items():
        annotation = field.annotation
        kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
        inner = [each for each in kinds if _is_part(each)]
        yield from questions(inner[0], f"{prefix}{name}.") if inner else [prefix + name]


def _is_part(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Part)
