"""in-toto Statements v1: what is said (predicate) about which bytes (subjects), ready for an envelope.

Source: in-toto attestation framework v1, spec/v1/statement.md and resource_descriptor.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.signing.errors import StatementError

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"

PREDICATE_SLSA_PROVENANCE = "https://slsa.dev/provenance/v1"
PREDICATE_TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
PREDICATE_VERIFICATION_SUMMARY = "https://slsa.dev/verification_summary/v1"
PREDICATE_JOB_MANIFEST = "urn:tapestry:predicate:job-manifest:v1"
PREDICATE_CONTRIBUTION = "urn:tapestry:predicate:contribution:v1"
PREDICATE_RE_EXECUTION = "urn:tapestry:predicate:re-execution:v1"
PREDICATE_DECISION = "urn:tapestry:predicate:decision:v1"
PREDICATE_MERGE = "urn:tapestry:predicate:merge:v1"
PREDICATE_PUBLICATION = "urn:tapestry:predicate:publication:v1"
PREDICATE_SEAL = "urn:tapestry:predicate:seal:v1"
PREDICATE_DESCRIPTION = "urn:tapestry:predicate:description:v1"
PREDICATE_IMPORT = "urn:tapestry:predicate:import:v1"
PREDICATE_DERIVATIVE = "urn:tapestry:predicate:derivative:v1"
PREDICATE_SCORECARD = "urn:tapestry:predicate:scorecard:v1"

PREDICATE_TYPES = frozenset(
    {
        PREDICATE_SLSA_PROVENANCE,
        PREDICATE_TEST_RESULT,
        PREDICATE_VERIFICATION_SUMMARY,
        PREDICATE_JOB_MANIFEST,
        PREDICATE_CONTRIBUTION,
        PREDICATE_RE_EXECUTION,
        PREDICATE_DECISION,
        PREDICATE_MERGE,
        PREDICATE_PUBLICATION,
        PREDICATE_SEAL,
        PREDICATE_DESCRIPTION,
        PREDICATE_IMPORT,
        PREDICATE_DERIVATIVE,
        PREDICATE_SCORECARD,
    }
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STATEMENT_FIELDS = {"_type", "subject", "predicateType", "predicate"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One artifact by name and content address.

    Raises:
        StatementError: subject-malformed, for an empty name or anything but 64 lower-case hex digits.
    """

    name: str
    sha256: str

    def __post_init__(self) -> None:
        if not self.name:
            raise StatementError("subject-malformed", "A subject needs a name.")
        if not _SHA256.fullmatch(self.sha256):
            raise StatementError("subject-malformed", f"{self.name}: sha256 is 64 lower-case hex digits.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement that was read and found well formed."""

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: dict[str, Any]


def statement(
    *, subjects: Sequence[Subject], predicate_type: str, predicate: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the statement as JSON, ready for `dsse.seal`.

    Raises:
        StatementError: subject-malformed for none or repeated names, predicate-type-unknown.
    """
    _check(subjects, predicate_type)
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": subject.name, "digest": {"sha256": subject.sha256}} for subject in subjects],
        "predicateType": predicate_type,
        "predicate": dict(predicate),
    }


def parse_statement(payload: object, *, predicate_type: str) -> Statement:
    """Return the statement in an opened payload, which has to be of `predicate_type`.

    in-toto lets readers pass over fields they do not know. We do not: a field that we would not act on
    may be one the signer relied on (DM:16).

    Raises:
        StatementError: statement-malformed, subject-malformed, predicate-type-unknown.
    """
    if not isinstance(payload, Mapping) or set(payload) != _STATEMENT_FIELDS:
        raise StatementError("statement-malformed", f"Exactly {sorted(_STATEMENT_FIELDS)} are expected.")
    if payload["_type"] != STATEMENT_TYPE:
        raise StatementError("statement-malformed", f"The _type has to be {STATEMENT_TYPE}.")
    if payload["predicateType"] != predicate_type:
        raise StatementError("predicate-type-unknown", f"A predicate of type {predicate_type} is expected.")
    entries, predicate = payload["subject"], payload["predicate"]
    if not isinstance(entries, list) or not isinstance(predicate, dict):
        raise StatementError("statement-malformed", "subject is a list and predicate is an object.")
    subjects = tuple(_read_subject(entry) for entry in entries)
    _check(subjects, predicate_type)
    return Statement(subjects=subjects, predicate_type=predicate_type, predicate=predicate)


def _check(subjects: Sequence[Subject], predicate_type: str) -> None:
    if predicate_type not in PREDICATE_TYPES:
        raise StatementError("predicate-type-unknown", f"{predicate_type} is no predicate type of ours.")
    if not subjects:
        raise StatementError("subject-malformed", "A statement is about at least one subject.")
    if len({subject.name for subject in subjects}) < len(subjects):
        raise StatementError("subject-malformed", "Two subjects have one name.")


def _read_subject(entry: object) -> Subject:
    if not isinstance(entry, Mapping) or set(entry) != {"name", "digest"}:
        raise StatementError("subject-malformed", "A subject has name and digest, nothing else.")
    name, digest = entry["name"], entry["digest"]
    if not isinstance(digest, Mapping) or set(digest) != {"sha256"}:
        raise StatementError("subject-malformed", "A subject's digest has sha256, nothing else.")
    if not isinstance(name, str) or not isinstance(digest["sha256"], str):
        raise StatementError("subject-malformed", "A subject's name and sha256 are text.")
    return Subject(name, digest["sha256"])
