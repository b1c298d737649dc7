"""Whatever bytes come, a reader answers with a description or with a refusal, and soon."""

import json
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.intake.readers import read_all
from catalog.intake.readers.bounds import LARGEST, LARGEST_GRAPH
from catalog.proposals.drafting import NUL
from provenance.errors import Invalid
from provenance.signing.canonical import canonicalize

pytestmark = pytest.mark.django_db
QUIET = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TERMS = st.sampled_from(
    ["temporalCoverage", "name", "description", "license", "creator", "keywords", "distribution",
     "contentSize", "url", "spatialCoverage", "publisher", "rai:dataCollectionType", "@id", "@type", "@value",
     "@language", "@list", "@context", "@reverse", "@graph",
     "inLanguage", "dct:title", "dcat:theme", "dct:license"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30),
    st.sampled_from(["Dataset", "dcat:Dataset", "https://spdx.org/licenses/MIT", "2020-13-45", "9" * 400]),
    st.just("\ud800"),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TERMS, inner, max_size=5),
    max_leaves=20,
)


def read(content, **hints):
    """Read; every record that comes of it can be kept, and its notes too."""
    try:
        reading = read_all(content, **hints)
    except Invalid as refused:
        return None if refused.code.startswith("description-") else pytest.fail(refused.code)
    for each in reading.candidates:
        for kept in (each.made.record, each.made.normalised, each.made.unknown, each.made.suggested):
            assert not NUL.search(canonicalize(kept))
    return reading


@QUIET
@given(st.binary(max_size=400))
def test_bytes(content):
    read(content)
    read(content, name="README.md")
    read(content, media_type="text/turtle")


@QUIET
@given(TREES)
def test_json_of_any_shape(tree):
    for kind in ("Dataset", "dcat:Dataset"):
        document = {
            "@context": "https://schema.org/",
            "@type": kind,
            **(tree if isinstance(tree, dict) else {"name": tree}),
        }
        read(json.dumps(document).encode())


@QUIET
@given(
    st.dictionaries(
        st.sampled_from(["license", "language", "tags", "pretty_name", "authors", "source_datasets"]), TREES
    )
)
def test_yaml_of_any_shape(head):
    try:
        text = yaml.safe_dump(head, allow_unicode=True)
        content = f"---\n{text}---\n# T\n".encode()
    except (yaml.YAMLError, UnicodeEncodeError):
        return
    read(content)


@QUIET
@given(st.text(alphabet="<>[]();.,\"'@#:_ \n\\abtrue123^", max_size=200))
def test_turtle_of_any_shape(text):
    read(f"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<urn:a> a dcat:Dataset .\n{text}".encode())


LAUGHS = "a: &a [x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    "content",
    [
        b"{" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 500_000,
        b'{"@type": "https://schema.org/Dataset", "https://schema.org/name": ' + b"9" * 10_000 + b"}",
        f"---\n{LAUGHS}---\n".encode(),
        b"---\n" + b"[" * 100_000 + b"\n---\n",
        b"---\n!!python/object/apply:os.system [ls]\n---\n",
        b"---\nname: " + b"x" * 300_000 + b"\n---\n",
        b"@prefix : <urn:> .\n:a :b " + b"(" * 200_000,
        b"@prefix : <urn:> .\n:a :b " + b"[ :b " * 100_000,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"\x00" * 1000,
        b"x" * (LARGEST + 1),
        b'{"a": "' + b"x" * LARGEST_GRAPH + b'"}',
    ],
    ids=range(14),
)
def test_what_is_made_to_hurt_is_refused_soon(content):
    began = time.monotonic()
    assert read(content) is None
    assert time.monotonic() - began < 5


def test_entities_are_not_expanded_in_literals_that_call_themselves_xml():
    bomb = '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'
    text = (
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        f"<urn:a> a dcat:Dataset ; dct:title '{bomb}'^^rdf:XMLLiteral .\n"
    )
    (found,) = read(text.encode()).candidates
    assert "cc" not in found.title


def test_a_description_as_large_as_allowed_is_read_soon():
    files = [
        {"@type": "cr:FileObject", "name": f"f{i}", "contentUrl": f"https://x.example/{i}"}
        for i in range(9000)
    ]
    document = {"@context": "https://schema.org/", "@type": "Dataset", "name": "Many", "distribution": files}
    began = time.monotonic()
    assert read(json.dumps(document).encode())
    assert time.monotonic() - began < 10
