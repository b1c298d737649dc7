"""Ed25519 keys: their names, and the file that keeps one."""

import copy
import multiprocessing
import pickle
import stat

import pytest

from provenance.signing.errors import KeyFileError, KeyFormatError, SignatureInvalid
from provenance.signing.keys import (
    MULTICODEC_PUBLIC,
    SMALL_ORDER_Y,
    PrivateKey,
    PublicKey,
    encode_multibase,
    resolve_did_key,
)

# RFC 8032 §7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_signing_follows_rfc_8032():
    key = PrivateKey.from_seed(SEED)
    assert key.public == PublicKey(PUBLIC)
    assert key.sign(b"\x72") == SIGNATURE
    key.public.verify(SIGNATURE, b"\x72")


@pytest.mark.parametrize(
    ("signature", "message"), [(SIGNATURE, b"\x73"), (SIGNATURE[:-1], b"\x72"), (b"", b"")]
)
def test_a_signature_over_anything_else_is_invalid(signature, message):
    with pytest.raises(SignatureInvalid) as refused:
        PublicKey(PUBLIC).verify(signature, message)
    assert refused.value.code == "signature-invalid"


def test_a_did_names_its_key():
    public = PrivateKey.generate().public
    assert public.did.startswith("did:key:z6Mk")
    assert PublicKey.from_did(public.did) == public
    assert resolve_did_key(public.did) == resolve_did_key(public.verification_method) == public


@pytest.mark.parametrize(
    "did",
    [
        "did:web:member.example",
        "did:key:",
        "did:key:u7QH",
        "did:key:z0OIl",
        "did:key:z" + "1" * 10_000,
        "did:key:zé",
        "did:key:" + encode_multibase(b"\x12\x00" + PUBLIC),
        "did:key:" + encode_multibase(MULTICODEC_PUBLIC + PUBLIC[:-1]),
    ],
)
def test_what_names_no_ed25519_key_is_refused(did):
    assert resolve_did_key(did) is None
    with pytest.raises(KeyFormatError):
        PublicKey.from_did(did)


def test_a_fragment_that_names_another_key_resolves_to_none():
    ours, other = PrivateKey.generate().public, PrivateKey.generate().public
    assert resolve_did_key(f"{ours.did}#{other.multibase}") is None


@pytest.mark.parametrize("y", sorted(SMALL_ORDER_Y))
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_under_which_one_signature_fits_many_messages_is_refused(y, sign):
    with pytest.raises(KeyFormatError):
        PublicKey((y | sign).to_bytes(32, "little"))


def test_a_private_key_shows_its_did_only():
    key = PrivateKey.from_seed(SEED)
    assert repr(key) == f"PrivateKey({key.did})"
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(key)


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "node" / "node.pem"
    key = PrivateKey.load_or_create(path)
    assert PrivateKey.load_or_create(path).did == key.did
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:2]] == [0o700, 0o700]
    assert [entry.name for entry in path.parent.iterdir()] == ["node.pem"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path, mode):
    path = tmp_path / "node.pem"
    PrivateKey.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=f"mode {mode:04o}.*chmod 600") as refused:
        PrivateKey.load_or_create(path)
    assert refused.value.code == "key-file-exposed"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_file_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "node.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as refused:
        PrivateKey.load_or_create(path)
    assert refused.value.code == "key-file-malformed"
    assert path.read_bytes() == content


def _did_of_key_at(path):
    return PrivateKey.load_or_create(path).did


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        dids = pool.map(_did_of_key_at, [tmp_path / "node.pem"] * 16, chunksize=1)
    assert len(set(dids)) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["node.pem"]
