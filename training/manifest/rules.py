"""What must hold between the fields of a manifest: the node checks again what policy decided."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog.tiers import RULES, Download, Purpose, at_least_as_strict, may_enter
from training.manifest.errors import Problem
from training.manifest.parts import Access, InputVersion, Part

if TYPE_CHECKING:
    from training.manifest.job import JobManifest

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
    purpose = Purpose(manifest.kind)
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
    purpose = Purpose(manifest.kind)
    trains = purpose is Purpose.CONTRIBUTED_CPT
    if manifest.purpose is not purpose:
        yield Problem("purpose-mismatch", "purpose", f"a {manifest.kind} job has that purpose and no other")
    if trains == bool(manifest.candidates):
        yield Problem("job-incomplete", "candidates", "evaluations have some, training jobs have none")
    useful = {Part.SPLIT, Part.TRAIN if trains else Part.HELD_OUT}
    if not any(file.part in useful for version in manifest.inputs for file in version.files):
        yield Problem("job-incomplete", "inputs", f"no file has a part that a {manifest.kind} job uses")
    longest = manifest.family.architecture.max_position_embeddings
    if manifest.training.sequence_length > longest:
        yield Problem("sequence-too-long", "training.sequence_length", f"the family has {longest} positions")


def _repetitions(inputs: Iterable[InputVersion]) -> Iterator[Problem]:
    versions = Counter((version.dataset, version.version) for version in inputs)
    for (dataset, version), count in versions.items():
        if count > 1:
            yield Problem("duplicate-input", "inputs", f"{dataset} {version} stands {count} times")
    for index, entry in enumerate(inputs):
        for path, count in Counter(file.path for file in entry.files).items():
            if count > 1:
                yield Problem("duplicate-path", f"inputs.{index}.files", f"{path} stands {count} times")
