"""in-toto Statements: what we write we can read, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.signing.dsse import open_envelope, seal
from provenance.signing.errors import StatementError
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_SLSA_PROVENANCE,
    PREDICATE_TYPES,
    Subject,
    parse_statement,
    statement,
)

SUBJECTS = [Subject("weights.safetensors", "ab" * 32), Subject("log", "cd" * 32)]
WRITTEN = statement(subjects=SUBJECTS, predicate_type=PREDICATE_CONTRIBUTION, predicate={"round": 3})
SUBJECT = WRITTEN["subject"][0]


def refusal(payload):
    with pytest.raises(StatementError) as refused:
        parse_statement(payload, predicate_type=PREDICATE_CONTRIBUTION)
    return refused.value.code


def test_a_statement_has_the_fields_of_in_toto_v1():
    assert WRITTEN["_type"] == "https://in-toto.io/Statement/v1"
    assert SUBJECT == {"name": "weights.safetensors", "digest": {"sha256": "ab" * 32}}
    assert (WRITTEN["predicateType"], WRITTEN["predicate"]) == (PREDICATE_CONTRIBUTION, {"round": 3})


def test_a_statement_survives_its_envelope():
    key = PrivateKey.generate()
    opened = open_envelope(seal(WRITTEN, key=key, key_id=key.did), keys={key.did: key.public})
    read = parse_statement(opened.payload, predicate_type=PREDICATE_CONTRIBUTION)
    assert list(read.subjects) == SUBJECTS
    assert read.predicate == {"round": 3}


def test_predicate_types_are_stable_addresses():
    assert all(kind.startswith(("https://", "urn:tapestry:predicate:")) for kind in PREDICATE_TYPES)
    assert len(PREDICATE_TYPES) == 14


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"_type": "https://in-toto.io/Statement/v0.1"}, "statement-malformed"),
        ({"predicateType": PREDICATE_SLSA_PROVENANCE}, "predicate-type-unknown"),
        ({"predicate": []}, "statement-malformed"),
        ({"extra": 1}, "statement-malformed"),
        ({"subject": {}}, "statement-malformed"),
        ({"subject": []}, "subject-malformed"),
        ({"subject": ["x"]}, "subject-malformed"),
        ({"subject": [SUBJECT, SUBJECT]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "uri": "x"}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "name": ""}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "name": 1}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "digest": {}}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "digest": {"sha1": "ab" * 20}}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "digest": {"sha256": 1}}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "digest": {"sha256": "AB" * 32}}]}, "subject-malformed"),
        ({"subject": [{**SUBJECT, "digest": {"sha256": "ab" * 32 + "\n"}}]}, "subject-malformed"),
    ],
)
def test_a_statement_that_we_would_not_write_is_refused(change, code):
    assert refusal({**WRITTEN, **change}) == code


@settings(deadline=None)
@given(st.sampled_from(sorted(WRITTEN)))
def test_a_statement_without_one_of_its_fields_is_refused(name):
    assert refusal({key: value for key, value in WRITTEN.items() if key != name}) == "statement-malformed"


def test_a_predicate_type_of_others_is_neither_written_nor_read():
    with pytest.raises(StatementError, match="predicate-type-unknown"):
        statement(subjects=SUBJECTS, predicate_type="https://other.example/v1", predicate={})
    with pytest.raises(StatementError, match="predicate-type-unknown"):
        parse_statement({**WRITTEN, "predicateType": "x"}, predicate_type="x")
