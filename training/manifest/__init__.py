"""The job manifest: all that a node is asked to do, in one signed, closed and versioned document (DM:16)."""

from training.manifest.envelope import open_manifest, seal_manifest
from training.manifest.errors import ManifestError, Problem
from training.manifest.job import JobManifest, build_manifest, parse_manifest
from training.manifest.kinds import CONTRIBUTES, PRIVATE, Kind
from training.manifest.parts import (
    Access,
    Codec,
    Family,
    HeldOut,
    InputFile,
    InputVersion,
    JobLimits,
    Lora,
    Output,
    Part,
    Reading,
    Repeated,
    RoundTerms,
    Teacher,
    TokenizerFile,
    Training,
    Weights,
)

__all__ = [
    "CONTRIBUTES",
    "PRIVATE",
    "Access",
    "Codec",
    "Family",
    "HeldOut",
    "InputFile",
    "InputVersion",
    "JobLimits",
    "JobManifest",
    "Kind",
    "Lora",
    "ManifestError",
    "Output",
    "Part",
    "Problem",
    "Reading",
    "Repeated",
    "RoundTerms",
    "Teacher",
    "TokenizerFile",
    "Training",
    "Weights",
    "build_manifest",
    "open_manifest",
    "parse_manifest",
    "seal_manifest",
]
