"""Signed requests: nothing that the signature covers can be changed, repeated later or kept for long."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from provenance.signing.errors import RequestSignatureError
from provenance.signing.http import sign_request, verify_request
from provenance.signing.keys import PrivateKey, resolve_did_key

KEY = PrivateKey.from_seed(b"\x07" * 32)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8000/api/v1/jobs/7/claim?try=1"
BODY = hashlib.sha256(b"{}").digest()
EMPTY = hashlib.sha256(b"").digest()


def signed(*, now=NOW, body=BODY, **options):
    return sign_request(
        **{"method": "POST", "url": URL, "body_sha256": body, "key": KEY, "now": now, **options}
    )


def verify(headers, *, now=NOW, **options):
    defaults = {"method": "POST", "url": URL, "resolve": resolve_did_key}
    return verify_request(**{**defaults, "headers": headers, "now": now, **options})


def refusal(headers, **options):
    with pytest.raises(RequestSignatureError) as refused:
        verify(headers, **options)
    return refused.value.code


def altered(old, new, *, name="Signature-Input", count=1):
    headers = signed()
    headers[name], times = re.subn(old, new, headers[name], count=count)
    assert times
    return headers


def test_a_signed_request_names_its_key_its_nonce_and_its_body():
    request = verify(signed())
    assert request.key_id == KEY.did
    assert request.body_sha256 == BODY
    assert re.fullmatch(r"[\w-]{22}", request.nonce)
    assert request.expires == NOW + timedelta(seconds=90)


def test_exactly_three_headers_are_added_and_they_say_what_is_covered():
    headers = signed(body=EMPTY)
    assert list(headers) == ["Content-Digest", "Signature-Input", "Signature"]
    assert headers["Content-Digest"] == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
    assert headers["Signature-Input"].startswith(
        'tapestry=("@method" "@authority" "@path" "@query" "content-digest");created='
    )


def test_no_two_requests_share_a_nonce():
    assert len({verify(signed()).nonce for _ in range(20)}) == 20


def test_header_names_are_found_in_any_case_and_other_headers_do_not_matter():
    headers = {name.upper(): value for name, value in signed().items()}
    assert verify({"Accept": "*/*", **headers, "X-Forwarded-For": "::1"}).key_id == KEY.did


def test_a_proxy_that_ends_tls_changes_nothing():
    headers = signed(url="https://catalog.example/api?x=1")
    assert verify(headers, url="http://catalog.example/api?x=1")


methods = st.sampled_from(["GET", "PUT", "DELETE", "PATCH", "post", "", "POST "])
words = st.text("ab/.-_~=&+ #%", max_size=8)
urls = st.builds(
    "http://{}/{}?{}".format, st.sampled_from(["127.0.0.1:8000", "127.0.0.1:8001", "other"]), words, words
)
digests = st.binary(min_size=32, max_size=32)


@settings(deadline=None)
@given(methods)
def test_another_method_is_refused(method):
    assert refusal(signed(), method=method) == "signature-invalid"


@settings(deadline=None)
@given(urls)
def test_another_host_path_or_query_is_refused(url):
    assume(url != URL)
    assert refusal(signed(), url=url) == "signature-invalid"


@settings(deadline=None)
@given(digests)
def test_another_digest_is_refused(other):
    assume(other != BODY)
    forged = signed() | {"Content-Digest": signed(body=other)["Content-Digest"]}
    assert refusal(forged) == "signature-invalid"


@settings(deadline=None)
@given(st.sampled_from(["created", "expires"]), st.integers(-20, 20))
def test_another_time_is_refused(name, seconds):
    assume(seconds)
    headers = signed()
    pattern = rf"(;{name}=)(\d+)"
    value = int(re.search(pattern, headers["Signature-Input"])[2]) + seconds
    assert refusal(altered(pattern, rf"\g<1>{value}")) == "signature-invalid"


@settings(deadline=None)
@given(st.integers(0, 511))
def test_another_signature_is_refused(bit):
    headers = signed()
    value = bytearray(KEY.sign(b"x"))
    value[bit // 8] ^= 1 << bit % 8
    headers["Signature"] = f"tapestry=:{base64.b64encode(value).decode()}:"
    assert refusal(headers) == "signature-invalid"


def test_another_nonce_or_another_key_is_refused():
    other = PrivateKey.generate()
    assert refusal(altered('nonce="[^"]*"', 'nonce="AAAAAAAAAAAAAAAAAAAAAA"')) == "signature-invalid"
    assert refusal(altered('keyid="[^"]*"', f'keyid="{other.did}"')) == "signature-invalid"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-31, "signature-not-yet-valid"), (90, "signature-expired"), (10**9, "signature-expired")],
)
def test_a_request_before_or_after_its_time_is_refused(seconds, code):
    assert refusal(signed(), now=NOW + timedelta(seconds=seconds)) == code


@pytest.mark.parametrize("seconds", [-30, 0, 60, 89])
def test_clocks_may_differ_a_little(seconds):
    assert verify(signed(), now=NOW + timedelta(seconds=seconds))


def test_once_a_nonce_may_be_forgotten_its_request_is_refused():
    headers = signed()
    assert refusal(headers, now=verify(headers).expires) == "signature-expired"


def test_the_present_is_the_default_time():
    assert verify(signed(now=None), now=None)
    assert refusal(signed(), now=datetime.now(UTC) + timedelta(days=400)) == "signature-expired"


def test_a_signature_that_holds_for_too_long_is_refused():
    assert verify(signed(lifetime=300))
    assert refusal(signed(lifetime=301)) == "lifetime-too-long"


def test_an_unknown_key_is_refused():
    assert refusal(signed(), resolve={}.get) == "key-unknown"


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
def test_a_missing_header_is_named(name):
    headers = signed()
    del headers[name]
    assert refusal(headers) == ("digest-missing" if name == "Content-Digest" else "signature-missing")


@pytest.mark.parametrize("name", ["@method", "@authority", "@path", "@query", "content-digest"])
def test_a_part_that_is_not_covered_is_refused(name):
    assert refusal(altered(f'"{name}" ?', "")) == "coverage-insufficient"


def test_a_part_that_is_covered_through_a_parameter_does_not_count():
    assert refusal(altered('"content-digest"', '"content-digest";key="sha-256"')) == "coverage-insufficient"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (r"tapestry=\(.*", "tapestry", "signature-missing"),
        (r"tapestry=\(.*", "", "signature-missing"),
        (r"tapestry=\(.*\)", "tapestry=1", "signature-malformed"),
        (r"\(", "((", "signature-malformed"),
        (";created=\\d+", "", "signature-malformed"),
        (";nonce=[^;]+", "", "signature-malformed"),
        (";nonce=[^;]+", ';nonce="short"', "signature-malformed"),
        (";nonce=[^;]+", ";nonce=1", "signature-malformed"),
        (";alg=[^;]+", ';alg="hmac-sha256"', "signature-malformed"),
        (";alg=[^;]+", "", "signature-malformed"),
        (";created=\\d+", ";created=1.5", "signature-malformed"),
        (";created=\\d+", ";created=999999999999999", "signature-malformed"),
        (";expires=\\d+", ";expires=-5", "signature-malformed"),
        (";expires=\\d+", ";expires=999999999999999", "lifetime-too-long"),
        ("$", ";more=1", "signature-malformed"),
        ('tag="tapestry-node"', 'tag="other"', "signature-missing"),
        ('"@path"', '"@path" "@path"', "signature-invalid"),
        ('"@path"', '"@path" "absent"', "signature-invalid"),
        ("$", ", \ud800", "signature-malformed"),
        ("$", "x" * 5000, "signature-malformed"),
    ],
)
def test_a_hostile_signature_input_is_refused_by_name(old, new, code):
    assert refusal(altered(old, new)) == code


@pytest.mark.parametrize("value", ["tapestry=:AA==:", "tapestry=1", "tapestry", "other=:AA==:", "((", ""])
def test_a_hostile_signature_is_refused(value):
    assert refusal(signed() | {"Signature": value}) == "signature-invalid"


@pytest.mark.parametrize("value", ["", "sha-256", "sha-256=:AA==:", "sha-512=:AA==:", "sha-256=(1 2)"])
def test_a_digest_without_32_bytes_of_sha_256_is_refused(value):
    assert refusal(signed() | {"Content-Digest": value}) == "digest-missing"


def test_a_repeated_label_or_digest_is_refused():
    headers = signed()
    twice = f"{headers['Content-Digest']}, {headers['Content-Digest']}"
    assert refusal(headers | {"Content-Digest": twice}) == "signature-malformed"
    assert refusal(headers | {"signature-input": headers["Signature-Input"]}) == "signature-malformed"


def test_a_proxy_may_add_its_own_signature_but_not_a_second_of_ours():
    headers = signed()
    theirs = headers["Signature-Input"].replace("tapestry=", "proxy=").replace("tapestry-node", "proxy")
    added = headers | {
        "Signature-Input": f"{headers['Signature-Input']}, {theirs}",
        "Signature": f"{headers['Signature']}, proxy=:AA==:",
    }
    assert verify(added).key_id == KEY.did
    added["Signature-Input"] = added["Signature-Input"].replace('tag="proxy"', 'tag="tapestry-node"')
    assert refusal(added) == "signature-missing"


@pytest.mark.parametrize("url", ["/relative", "http://host/a b", "http://host/ộ", "nonsense"])
def test_a_url_that_could_not_go_over_the_wire_is_not_signed(url):
    with pytest.raises(ValueError, match="URL"):
        signed(url=url)


def test_a_digest_of_another_length_is_not_signed():
    with pytest.raises(ValueError, match="32 bytes"):
        signed(body=b"short")
