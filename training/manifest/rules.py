"""What must hold between the fields of a manifest: the node checks again what policy decided."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from catalog.tiers import RULES, Download, at_least_as_strict, may_enter
from training.manifest.errors import Problem
from training.manifest.kinds import PRIVATE, Kind
from training.manifest.parts import Access, InputVersion, Part

if TYPE_CHECKING:
    from training.manifest.job import JobManifest

SHARE_ERROR: Final = 1e-6
OBJECTIVES: Final = {
    Kind.CONTRIBUTED_CPT: {"cpt"},
    Kind.DISTILLATION: {"distillation"},
    Kind.EVALUATION: {"cpt"},
    Kind.RE_EXECUTION: {"cpt", "distillation"},
    Kind.PRIVATE_CPT: {"cpt"},
    Kind.PRIVATE_SFT: {"sft"},
    Kind.PRIVATE_DPO: {"dpo"},
}
LONGEST_LIFE = timedelta(days=30)


def broken_rules(manifest: "JobManifest") -> Iterator[Problem]:
    """Every rule that the manifest breaks."""
    yield from _tiers(manifest)
    yield from _shape(manifest)
    yield from _repetitions(manifest.inputs)
    if not timedelta(0) < manifest.expires_at - manifest.issued_at <= LONGEST_LIFE:
        yield Problem("bad-lifetime", "expires_at", f"after issued_at, by at most {LONGEST_LIFE.days} days")


def _tiers(manifest: "JobManifest") -> Iterator[Problem]:
    # By kind and not by the purpose that is claimed: no claim opens the loop to private data (INV-2).
    purpose = manifest.kind.purpose
    for index, version in enumerate(manifest.inputs):
        if not may_enter(version.tier, purpose):
            detail = f"{version.tier} data enter sovereign builds only"
            yield Problem("private-in-contributed", f"inputs.{index}.tier", detail)
        if RULES[version.tier].download is Download.NOBODY:
            yield from _bytes_asked_for(index, version)
    if not at_least_as_strict(manifest.output.tier, [version.tier for version in manifest.inputs]):
        yield Problem("weaker-output", "output.tier", f"{manifest.output.tier} relaxes an input's tier")


def _bytes_asked_for(index: int, version: InputVersion) -> Iterator[Problem]:
    for number, file in enumerate(version.files):
        if file.access is not Access.LOCAL:
            field = f"inputs.{index}.files.{number}.access"
            yield Problem("local-bytes-requested", field, f"{version.tier} bytes are never transferred")


def _shape(manifest: "JobManifest") -> Iterator[Problem]:
    trains = manifest.kind.trains
    if manifest.purpose is not manifest.kind.purpose:
        yield Problem("purpose-mismatch", "purpose", f"a {manifest.kind} job is for {manifest.kind.purpose}")
    if trains == bool(manifest.candidates):
        yield Problem("job-incomplete", "candidates", "evaluations have some, training jobs have none")
    if (manifest.kind in PRIVATE) == (manifest.round is not None):
        yield Problem("job-incomplete", "round", "private jobs have none, all others have one")
    if (manifest.training.objective == "distillation") != (manifest.teacher is not None):
        yield Problem("job-incomplete", "teacher", "a distillation has one, nothing else has")
    if (manifest.kind is Kind.RE_EXECUTION) != (manifest.repeats is not None):
        yield Problem("job-incomplete", "repeats", "a re-execution names a contribution, nothing else does")
    if manifest.training.objective not in OBJECTIVES[manifest.kind]:
        yield Problem("job-incomplete", "training.objective", f"a {manifest.kind} job has another objective")
    useful = {Part.SPLIT, Part.TRAIN if trains else Part.HELD_OUT}
    if not any(file.part in useful for version in manifest.inputs for file in version.files):
        yield Problem("job-incomplete", "inputs", f"no file has a part that a {manifest.kind} job uses")
    yield from _mixture(manifest)
    longest = manifest.family.architecture.max_position_embeddings
    if manifest.training.sequence_length > longest:
        yield Problem("sequence-too-long", "training.sequence_length", f"the family has {longest} positions")


def _mixture(manifest: "JobManifest") -> Iterator[Problem]:
    if not manifest.mixture:
        return
    if set(manifest.mixture) != {version.version_digest for version in manifest.inputs}:
        yield Problem("bad-mixture", "mixture", "it names each input version once and nothing else")
    if abs(math.fsum(manifest.mixture.values()) - 1) > SHARE_ERROR:
        yield Problem("bad-mixture", "mixture", "the shares add up to one")


def _repetitions(inputs: Iterable[InputVersion]) -> Iterator[Problem]:
    versions = Counter((version.dataset, version.version) for version in inputs)
    for (dataset, version), count in versions.items():
        if count > 1:
            yield Problem("duplicate-input", "inputs", f"{dataset} {version} stands {count} times")
    for index, entry in enumerate(inputs):
        for path, count in Counter(file.path for file in entry.files).items():
            if count > 1:
                yield Problem("duplicate-path", f"inputs.{index}.files", f"{path} stands {count} times")
