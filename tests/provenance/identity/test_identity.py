"""The coordinator's key and name, and nonces that work once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.errors import Invalid, NotPermitted
from provenance.identity.models import UsedNonce
from provenance.identity.services import (
    consume_nonce,
    coordinator_did,
    coordinator_key,
    coordinator_key_id,
)
from provenance.identity.tasks import forget_nonces
from provenance.signing.keys import PublicKey

SOON = timezone.now() + timedelta(days=1)  # the suite may run for long after this was read


def test_the_key_is_made_once_and_for_its_owner_only(settings, tmp_path):
    settings.VAR = tmp_path
    key = coordinator_key()
    path = tmp_path / "keys" / "coordinator.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert coordinator_key() is key


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://catalog.example", "did:web:catalog.example"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_the_name_follows_the_public_address(settings, url, did):
    settings.PUBLIC_URL = url
    assert coordinator_did() == did
    assert coordinator_key_id() == f"{did}#key-1"


@pytest.mark.urls("provenance.urls")
def test_the_did_document_gives_the_key_that_signs(client):
    answer = client.get("/.well-known/did.json")
    assert answer["Content-Type"] == "application/did+json"
    (method,) = answer.json()["verificationMethod"]
    assert (method["id"], method["type"]) == (coordinator_key_id(), "Multikey")
    key = PublicKey.from_multibase(method["publicKeyMultibase"])
    key.verify(coordinator_key().sign(b"hello"), b"hello")


@pytest.mark.django_db
def test_a_nonce_works_once_per_key():
    consume_nonce(key_id="did:key:a", nonce="n", expires_at=SOON)
    consume_nonce(key_id="did:key:b", nonce="n", expires_at=SOON)
    with pytest.raises(NotPermitted) as refused:
        consume_nonce(key_id="did:key:a", nonce="n", expires_at=SOON)
    assert refused.value.code == "signature-replayed"


@pytest.mark.django_db
@pytest.mark.parametrize("nonce", ["", "n" * 101, "a\0b"])
def test_a_nonce_that_no_signer_makes_is_refused(nonce):
    with pytest.raises(Invalid):
        consume_nonce(key_id="did:key:a", nonce=nonce, expires_at=SOON)


@pytest.mark.django_db
def test_only_expired_nonces_are_forgotten():
    consume_nonce(key_id="a", nonce="old", expires_at=timezone.now() - timedelta(seconds=1))
    consume_nonce(key_id="a", nonce="new", expires_at=SOON)
    assert forget_nonces() == 1
    assert UsedNonce.objects.get().nonce == "new"
