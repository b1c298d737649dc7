"""The scorecard: every candidate measured by every criterion, on open text, signed as one document."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.intake.licences import rights_of
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.errors import Invalid
from provenance.events.services import Evidence, record_event
from provenance.signing.canonical import digest as canonical_digest
from provenance.signing.statements import PREDICATE_SCORECARD, Subject
from training.families.models import ImportedModel, Scorecard
from training.imports.criteria import Criteria, Criterion, Measure, points, totals
from training.imports.measuring import Measured, measure_text
from training.merge import ArchitectureConfig
from training.scratch import scratch_folder
from training.statements import attest

DOCUMENT_TYPE: Final = "tapestry-scorecard-v1"
Announce = Callable[[str], None]


def score_models(
    actor: Actor,
    criteria: Criteria,
    candidates: Sequence[ImportedModel],
    announce: Announce = lambda _: None,
) -> Scorecard:
    """Measure the candidates, give points, and keep the signed card.

    Raises:
        Invalid: ``candidates-missing``; ``dataset-unknown``, when a criterion's dataset is not open,
            published and held here. `training.node.errors.JobError`: a measurement failed.
    """
    if not candidates:
        raise Invalid("Name at least one imported model.", code="candidates-missing")
    versions = {slug: _open_version(slug) for slug in sorted({c.dataset for c in criteria.criteria} - {""})}
    measured = {
        (model.digest, slug): _measured(model, version, criteria.bytes, announce)
        for model in candidates
        for slug, version in versions.items()
    }
    figures = {
        criterion.name: {
            model.digest: _figure(criterion, model, measured.get((model.digest, criterion.dataset)))
            for model in candidates
        }
        for criterion in criteria.criteria
    }
    given = {each.name: points(each, figures[each.name]) for each in criteria.criteria}
    results = {"figures": figures, "points": given, "totals": totals(criteria.criteria, given)}
    return _record(actor, criteria, candidates, versions, results)


def _figure(criterion: Criterion, model: ImportedModel, measured: Measured | None) -> float:
    architecture = ArchitectureConfig.model_validate(model.architecture)
    match criterion.measure:
        case Measure.PARAMETERS:
            return float(architecture.parameters())
        case Measure.POSITIONS:
            return float(architecture.max_position_embeddings)
        case Measure.PERMISSIVE_LICENCE:
            rights = rights_of(model.licence)
            return float(rights["commercial_use"] is True and rights["model_training"] is True)
    if measured is None:
        raise LookupError(f"{criterion.measure} is measured on data")
    return measured.bits_per_byte if criterion.measure is Measure.BITS_PER_BYTE else measured.tokens_per_byte


def _open_version(slug: str) -> DatasetVersion:
    versions = DatasetVersion.objects.filter(
        dataset__slug=slug, dataset__state=Dataset.State.PUBLISHED, tier=Tier.OPEN
    )
    found = versions.prefetch_related("files").order_by("-number").first()
    if found is None or not found.files.filter(storage="blob").exists():
        raise Invalid(
            f"{slug!r} is no open, published dataset with text that lies here.",
            code="dataset-unknown",
            fields={"dataset": [slug]},
        )
    return found


def _measured(model: ImportedModel, version: DatasetVersion, most: int, announce: Announce) -> Measured:
    store = get_store()
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        paths = [
            stack.enter_context(store.local_path(f.sha256)) for f in version.files.filter(storage="blob")
        ]
        text = _text(paths, folder / "text.txt", most)
        found = measure_text(
            folder,
            architecture=model.architecture,
            weights=stack.enter_context(store.local_path(model.weights_sha256)),
            tokenizer=stack.enter_context(store.local_path(model.tokenizer_sha256)),
            text=text,
        )
    announce(f"{model.name} on {version.dataset.slug}: {found.bits_per_byte:.4f} bits per byte")
    return found


def _text(paths: Sequence[Path], target: Path, most: int) -> Path:
    """Write the first ``most`` bytes of the files' lines: the same text for every candidate."""
    left = most
    with target.open("wb") as out:
        for path in paths:
            with path.open("rb") as lines:
                for line in lines:
                    if len(line) > left:
                        return target
                    out.write(line)
                    left -= len(line)
    return target


@transaction.atomic
def _record(
    actor: Actor,
    criteria: Criteria,
    candidates: Sequence[ImportedModel],
    versions: Mapping[str, DatasetVersion],
    results: Mapping[str, Any],
) -> Scorecard:
    document = {
        "type": DOCUMENT_TYPE,
        "title": criteria.title,
        "criteria": [each.model_dump(mode="json") for each in criteria.criteria],
        "bytes": criteria.bytes,
        "datasets": {slug: version.digest for slug, version in versions.items()},
        "results": results,
    }
    digest = canonical_digest(document)
    known = Scorecard.objects.filter(digest=digest).first()
    if known is not None:
        return known
    card = Scorecard.objects.create(
        digest=digest,
        title=criteria.title,
        criteria=document["criteria"],
        results=results,
        statement=attest(
            subjects=[Subject(model.name, model.weights_sha256) for model in candidates],
            predicate_type=PREDICATE_SCORECARD,
            predicate=document,
        ),
    )
    card.candidates.set(candidates)
    record_event(
        actor=actor,
        action="model.scored",
        subject=f"scorecard:{digest}",
        evidence=Evidence(parents=[model.digest for model in candidates], details={"title": criteria.title}),
    )
    return card
