"""DM:16: a manifest with missing fields, unknown fields, unknown versions or loose values is refused."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from provenance.signing.canonical import canonicalize, parse_object
from training.manifest import ManifestError, build_manifest, parse_manifest


def put(document, path, value):
    *folders, last = path.split(".")
    for step in folders:
        document = document[int(step) if step.isdigit() else step]
    document[last] = value


def refusal(document):
    with pytest.raises(ManifestError) as refused:
        parse_manifest(document)
    return refused.value


def test_a_job_of_each_kind_is_read_with_its_types(job, evaluation):
    manifest = parse_manifest(job)
    assert manifest.job_id == UUID(job["job_id"])
    assert manifest.issued_at == datetime(2026, 9, 1, 11, 59, tzinfo=UTC)
    assert len(parse_manifest(evaluation).candidates) == 1


def test_what_was_written_canonically_is_read_as_the_same_manifest(job):
    job["training"]["learning_rate"] = 1.0  # canonical JSON writes it as an integer
    manifest = parse_manifest(job)
    assert parse_manifest(parse_object(canonicalize(manifest.document()))) == manifest


def test_a_manifest_built_from_python_values_is_the_one_read_from_json(job):
    manifest = parse_manifest(job)
    fields = {name: getattr(manifest, name) for name in type(manifest).model_fields}
    assert build_manifest(**fields) == manifest
    with pytest.raises(ManifestError, match="invalid-value"):
        build_manifest(**fields | {"job_id": job["job_id"]})


REQUIRED = [
    "schema_version",
    "job_id",
    "kind",
    "purpose",
    "inputs",
    "training",
    "node",
    "member",
    "family",
]


@pytest.mark.parametrize(
    "field",
    [*REQUIRED, "base", "inputs", "training", "held_out", "limits", "output", "policy_version", "expires_at"],
)
def test_every_field_is_required(job, field):
    del job[field]
    assert refusal(job).code == "missing-field"


def test_every_missing_field_is_named_at_once(job):
    del job["limits"]["seconds"], job["inputs"][0]["files"][0]["sha256"]
    fields = {problem.field for problem in refusal(job).problems}
    assert fields == {"limits.seconds", "inputs.0.files.0.sha256"}


@pytest.mark.parametrize("version", ["1", "3", 1, None])
def test_another_version_is_refused_as_such_whatever_else_it_brings(job, version):
    del job["node"]
    assert refusal(job | {"schema_version": version, "news": 1}).code == "unknown-version"


@pytest.mark.parametrize(
    "path", ["extra", "training.hook", "family.architecture.auto_map", "inputs.0.files.0.url"]
)
def test_unknown_fields_are_refused_everywhere(job, path):
    put(job, path, "x")
    error = refusal(job)
    assert (error.code, error.problems[0].field) == ("unknown-field", path)


BAD_PATHS = [
    "../x",
    "a/../b",
    "/etc/passwd",
    "a//b",
    "./a",
    "a/",
    ".",
    "",
    "a\\b",
    "a\x00b",
    "a\nb",
    "cafe\u0301",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_could_leave_its_folder_or_be_spelt_twice_is_refused(job, path):
    put(job, "inputs.0.files.0.path", path)
    assert refusal(job).code == "bad-path"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("job_id", "1"),
        ("kind", "sovereign-build"),
        ("round.number", 0),
        ("round.number", True),
        ("round.quorum", "1"),
        ("node", "did:example:x"),
        ("member", "Hanoi Library"),
        ("family.tokenizer", "sentencepiece"),
        ("base.sha256", "A" * 64),
        ("base.bytes", -1),
        ("inputs", []),
        ("inputs.0.tier", "secret"),
        ("inputs.0.licence", "MIT\nGPL"),
        ("inputs.0.files", []),
        ("inputs.0.files.0.language", "viet nam"),
        ("inputs.0.files.0.access", "push"),
        ("training.steps", 0),
        ("training.steps", 1e3),
        ("training.learning_rate", 0),
        ("training.learning_rate", float("nan")),
        ("training.warmup_steps", 61),
        ("training.seed", 2**53),
        ("training.codec", "int8"),
        ("held_out.every", 1),
        ("limits.memory_bytes", 0),
        ("issued_at", "2026-09-01T11:59:00"),
        ("lease_seconds", 10**6),
    ],
)
def test_values_out_of_bounds_are_refused_and_the_field_is_named(job, path, value):
    put(job, path, value)
    error = refusal(job)
    assert error.code == "invalid-value"
    assert error.problems[0].field.startswith(path.rsplit(".", 1)[0])


def test_an_impossible_architecture_is_refused_by_its_own_code(job):
    put(job, "family.architecture.num_attention_heads", 3)
    assert refusal(job).code == "bad-architecture"
