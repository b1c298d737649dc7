"""One byte form, one reading."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.signing.canonical import canonicalize, digest, parse_object
from provenance.signing.errors import JsonError

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
documents = st.dictionaries(st.text(max_size=4), values, max_size=4)


def test_names_are_sorted_by_utf_16_and_nothing_is_padded():
    document = {"\ufb33": 1, "\U0001f600": 2, "a": [1.0, 1e21]}
    assert canonicalize(document) == '{"a":[1,1e+21],"\U0001f600":2,"\ufb33":1}'.encode()


def test_the_digest_is_the_sha256_of_the_canonical_form():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@settings(deadline=None)
@given(documents)
def test_the_canonical_form_reads_back_and_is_its_own_canonical_form(document):
    form = canonicalize(document)
    assert parse_object(form) == json.loads(form) == document
    assert canonicalize(parse_object(form)) == form


@pytest.mark.parametrize("value", [float("nan"), 2**53, "\ud800", {"\ud800": 1}, {1: 2}, object(), b""])
def test_what_json_cannot_say_has_no_canonical_form(value):
    with pytest.raises(JsonError, match="json-not-canonical"):
        canonicalize({"value": value})


def test_nesting_without_end_is_refused_and_does_not_crash():
    nested: list = []
    nested.append(nested)
    with pytest.raises(JsonError, match="json-not-canonical"):
        canonicalize(nested)
    with pytest.raises(JsonError, match="json-malformed"):
        parse_object(b'{"a":' + b"[" * 200_000)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"1", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'{"a":NaN}', b'{"a":1e999}', b"\xff{}"],
)
def test_a_document_with_two_readings_is_refused(data):
    with pytest.raises(JsonError, match="json-malformed"):
        parse_object(data)
