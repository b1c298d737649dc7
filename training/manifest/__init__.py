"""The job manifest: all that a node is asked to do, in one signed, closed and versioned document (DM:16)."""

from training.manifest.envelope import open_manifest, seal_manifest
from training.manifest.errors import ManifestError, Problem
from training.manifest.job import JobManifest, build_manifest, parse_manifest
from training.manifest.parts import (
    Access,
    Family,
    HeldOut,
    InputFile,
    InputVersion,
    JobLimits,
    Output,
    Part,
    Training,
    Weights,
)

__all__ = [
    "Access",
    "Family",
    "HeldOut",
    "InputFile",
    "InputVersion",
    "JobLimits",
    "JobManifest",
    "ManifestError",
    "Output",
    "Part",
    "Problem",
    "Training",
    "Weights",
    "build_manifest",
    "open_manifest",
    "parse_manifest",
    "seal_manifest",
]
