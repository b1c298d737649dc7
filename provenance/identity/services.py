"""The coordinator's own name and key, and the nonces that callers have used up."""

from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from provenance.errors import Invalid, NotPermitted
from provenance.identity.models import UsedNonce
from provenance.signing.keys import PrivateKey

LONGEST_KEY_ID = 200  # characters, as the columns of UsedNonce hold them
LONGEST_NONCE = 100
_SPEND = f"""
INSERT INTO {UsedNonce._meta.db_table} (key_id, nonce, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key_id, nonce) DO NOTHING
"""  # noqa: S608, SLF001 - our own table's name, by Django's documented way to it


def coordinator_key() -> PrivateKey:
    """Return the key that the coordinator signs with, made on first use (`var/keys/coordinator.key`, 0600).

    Raises:
        provenance.signing.errors.KeyFileRefused: others may read the file, or it holds no Ed25519 key.
    """
    return _key_at(Path(settings.VAR) / "keys" / "coordinator.key")


@cache
def _key_at(path: Path) -> PrivateKey:
    return PrivateKey.load_or_create(path)


def coordinator_did() -> str:
    """Return the coordinator's did:web, as ``TAPESTRY_PUBLIC_URL`` makes it.

    The colon before a port is written ``%3A`` (did:web method specification, §2.3.1).
    """
    return "did:web:" + urlsplit(settings.PUBLIC_URL).netloc.replace(":", "%3A")


def coordinator_key_id() -> str:
    """Return the DID URL under which signatures and the DID document name the key."""
    return f"{coordinator_did()}#key-1"


def did_document() -> dict[str, object]:
    """Return the coordinator's DID document with its one Multikey (W3C DID Core 1.0, Multikey)."""
    did, key_id = coordinator_did(), coordinator_key_id()
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": key_id,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": coordinator_key().public.multibase,
            }
        ],
        "assertionMethod": [key_id],
        "authentication": [key_id],
    }


def consume_nonce(*, key_id: str, nonce: str, expires_at: datetime) -> None:
    """Use up the nonce of a verified request; it is remembered until ``expires_at`` (RFC 9421 §7.2.2).

    Raises:
        Invalid: code ``nonce-malformed``, for one that no signer of ours makes.
        NotPermitted: code ``signature-replayed``, when the same key has used it before.
    """
    if not 0 < len(nonce) <= LONGEST_NONCE or len(key_id) > LONGEST_KEY_ID or "\0" in nonce + key_id:
        raise Invalid(
            f"A nonce has 1 to {LONGEST_NONCE} characters.", code="nonce-malformed", requirement="DM:13"
        )
    with connection.cursor() as cursor:
        # One statement for each signed request there is: get_or_create would take four.
        cursor.execute(_SPEND, [key_id, nonce, expires_at])
        is_fresh = cursor.rowcount == 1
    if not is_fresh:
        raise NotPermitted(
            "This signed request was received before.",
            code="signature-replayed",
            requirement="DM:13",
            remedy="Sign the request again with a new nonce.",
        )
