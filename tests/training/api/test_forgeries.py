"""Requests made by hand to pass for others, or to break what reads them: each is a 4xx with its code."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from provenance.signing.dsse import countersign, seal
from provenance.signing.keys import PrivateKey
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_maintainer, make_round
from training.jobs.models import Job
from training.nodes.models import NodeKey
from training.nodes.rotation import PAYLOAD_TYPE, rotate_key
from training.nodes.services import revoke_node
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db
JOBS, SELF = "/api/v1/node/jobs", "/api/v1/node/self"


@pytest.fixture
def node() -> SigningNode:
    make_dataset("open")
    return SigningNode()


@pytest.fixture
def job(node) -> Job:
    round_ = make_round()
    advance(round_.pk)
    job = node.job(round_)
    assert node.claim(job).status_code == 200
    return job


def code_of(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def beat(job: Job) -> str:
    return f"/api/v1/jobs/{job.pk}/heartbeat"


def raw(node: SigningNode, path: str, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    return code_of(node.send("POST", path, body, kind=kind))


def altered(**changes: str) -> Callable[[SigningNode], dict[str, str]]:
    return lambda node: node.signed("GET", JOBS) | {k.replace("_", "-"): v for k, v in changes.items()}


def of_another_host(node: SigningNode) -> dict[str, str]:
    return node.signed("GET", JOBS) | {"Host": "localhost"}


def with_two_signatures(node: SigningNode) -> dict[str, str]:
    """As a server sees a field that was sent twice: joined by a comma."""
    one, two = node.signed("GET", JOBS), node.signed("GET", JOBS)
    return {name: f"{one[name]}, {two[name]}" for name in one}


def by_a_stranger_under_our_name(node: SigningNode) -> dict[str, str]:
    thief = PrivateKey.generate()
    mine, node.key = node.key, thief
    headers = node.signed("GET", JOBS)
    node.key = mine
    headers["Signature-Input"] = headers["Signature-Input"].replace(thief.did, mine.did)
    return headers


SIGNATURES: list[tuple[Callable[[SigningNode], dict[str, str]], str]] = [
    (lambda node: node.signed("GET", JOBS, now=datetime.now(UTC) - timedelta(hours=1)), "signature-expired"),
    (lambda node: node.signed("GET", SELF), "signature-invalid"),
    (lambda node: node.signed("GET", JOBS + "?all=1"), "signature-invalid"),
    (lambda node: node.signed("DELETE", JOBS), "signature-invalid"),
    (lambda node: node.signed("GET", JOBS, b"body"), "digest-mismatch"),
    (of_another_host, "signature-invalid"),
    (by_a_stranger_under_our_name, "signature-invalid"),
    (with_two_signatures, "signature-malformed"),
    (altered(Signature="tapestry=:AAAA:"), "signature-invalid"),
    (altered(Signature="tapestry=:" + "A" * 90_000 + ":"), "signature-invalid"),
    (altered(Signature="tapestry"), "signature-invalid"),
    (altered(Signature="\x00\r\nX: 1"), "signature-invalid"),
    (altered(Signature_Input='tapestry=();tag="tapestry-node"'), "signature-malformed"),
    (altered(Signature_Input="(" * 3_000), "signature-malformed"),
    (altered(Signature_Input="x" * 5_000), "signature-malformed"),
    (altered(Signature_Input='sig1=("@method");tag="other"'), "signature-missing"),
    (altered(Content_Digest="sha-256=:AAAA:"), "digest-missing"),
    (altered(Content_Digest="md5=:AAAA:"), "digest-missing"),
]  # fmt: skip


@pytest.mark.parametrize(("forged", "code"), SIGNATURES)
def test_a_forged_signature_lets_nobody_in(node, forged, code):
    status, said = code_of(node.send("GET", JOBS, headers=forged(node)))
    assert (status, said) in {(401, code), (401, "signature-malformed")}


def test_a_replayed_request_is_answered_once(node):
    headers = node.signed("GET", JOBS)
    assert node.send("GET", JOBS, headers=headers).status_code == 200
    assert code_of(node.send("GET", JOBS, headers=headers)) == (401, "signature-replayed")


def test_another_nodes_key_opens_no_job(node, job):
    other = SigningNode()
    for verb in ("heartbeat", "failure", "pause", "resume", "hold", "refuse", "claim", "contribution"):
        said = {"attempt": 1, "code": "disk-full", "envelope": node.countersigned(job)}
        assert code_of(other.post(f"/api/v1/jobs/{job.pk}/{verb}", said)) == (404, "job-not-found")
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("running", 1)


def test_a_rotated_and_a_revoked_key_authenticate_nothing(node, job):
    old, new = node.key, PrivateKey.generate()
    said = {"node": old.did, "next": new.did, "at": "2026-11-23T10:00:00Z"}
    sealed = seal(said, key=old, key_id=old.did, payload_type=PAYLOAD_TYPE)
    rotate_key(node.node, countersign(sealed, key=new, key_id=new.did))
    assert code_of(node.post(beat(job), {"attempt": 1})) == (401, "key-rotated")
    node.key = new
    revoke_node(make_maintainer(node.node.member), node.node, cause="leaving")
    assert code_of(node.post(beat(job), {"attempt": 1})) == (401, "node-not-active")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"attempt": NaN}', b'{"attempt": 1, "attempt": 2}',
        b'{"attempt": 1e999}', b'{"attempt": ' + b"9" * 5_000 + b"}", b'{"log": ["\\ud800"], "attempt": 1}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b"[" * 100_000 + b"]" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_json_with_one_reading_is_refused(node, job, body):
    assert raw(node, beat(job), body) in {(400, "malformed"), (400, "invalid")}


@pytest.mark.parametrize(
    "said",
    [
        {"attempt": 0}, {"attempt": -1}, {"attempt": 2**15}, {"attempt": 2**70}, {"attempt": "1; DROP"},
        {"attempt": 1, "step": 2**31}, {"attempt": 1, "phase": "\0"}, {"attempt": 1, "phase": "x" * 41},
        {"attempt": 1, "log": ["\0"]}, {"attempt": 1, "log": "text"}, {"attempt": 1, "log": ["x"] * 101},
        {"attempt": 1, "metrics": [{"step": 1, "loss": 1e308, "tokens": 2**60}]},
        {"attempt": 1, "metrics": [{"step": 1, "loss": 1, "joules": "NaN"}]},
        {"attempt": {"$gt": 0}}, {"attempt": [1]}, {"attempt": True, "step": {}},
    ],
)  # fmt: skip
def test_values_out_of_bounds_name_their_field(node, job, said):
    assert code_of(node.post(beat(job), said)) == (400, "invalid")
    job.refresh_from_db()
    assert (job.phase, job.metrics.count(), job.log.count()) == ("claimed", 0, 0)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "x" * 3_000, "\0"])
def test_another_content_type_is_not_read(node, job, kind):
    assert raw(node, beat(job), b'{"attempt": 1}', kind) == (415, "unsupported-media-type")


def test_a_packed_body_is_not_unpacked(node, job):
    packed = gzip.compress(json.dumps({"attempt": 1}).encode())
    headers = node.signed("POST", beat(job), packed) | {"Content-Encoding": "gzip"}
    assert code_of(node.send("POST", beat(job), packed, headers=headers)) == (400, "malformed")


@pytest.mark.parametrize(
    ("length", "expected"),
    [("0", (401, "digest-mismatch")), ("-1", (400, "malformed")), ("9" * 30, (413, "too-large")),
     ("1e3", (400, "malformed")), ("٣", (400, "malformed")), ("", (401, "digest-mismatch"))],
)  # fmt: skip
def test_a_length_that_lies_reads_nothing(node, job, length, expected):
    body = b'{"attempt": 1}'
    extra: dict[str, Any] = {"CONTENT_LENGTH": length}
    if length == "":
        extra["HTTP_TRANSFER_ENCODING"] = "chunked"  # the server in front unpacks it, and names no length
    answer = node.client.generic(
        "POST",
        beat(job),
        body,
        content_type="application/json",
        headers={"Tapestry-Protocol": "2", **node.signed("POST", beat(job), body)},
        **extra,
    )
    assert code_of(answer) == expected


def test_an_envelope_with_strangers_on_it_keeps_them_out_of_the_record(node):
    new = PrivateKey.generate()
    said = {"node": node.key.did, "next": new.did, "at": "2026-11-23T10:00:00Z"}
    sealed = seal(said, key=node.key, key_id=node.key.did, payload_type=PAYLOAD_TYPE)
    both = countersign(sealed, key=new, key_id=new.did)
    stranger = {"keyid": "did:web:nobody.example", "sig": base64.b64encode(b"x" * 64).decode()}
    both["signatures"].append(stranger)
    assert node.post("/api/v1/node/key", {"envelope": both}).status_code == 200
    kept = NodeKey.objects.get(did=new.did).rotation
    assert [signature["keyid"] for signature in kept["signatures"]] == [node.key.did, new.did]
