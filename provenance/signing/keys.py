"""Ed25519 keys (RFC 8032) that carry their own name: did:key (W3C CCG did:key v0.9)."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Self

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from provenance.signing.errors import KeyFormatError, SignatureInvalid
from provenance.signing.keyfile import read_key, write_new_key

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MULTICODEC_PUBLIC = b"\xed\x01"
DID_KEY = "did:key:"
# Base58 decoding is quadratic in the length; the longest text we ever decode is a signature of 88 digits.
MAX_BASE58 = 100

FIELD_PRIME = 2**255 - 19
# y of the points whose order divides 8. Under such a "key" one signature fits many messages, so that its
# holder could later deny having signed this one: useless as evidence (RFC 8032 §5.1, RFC 7748 §6).
_ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER_Y = frozenset({0, 1, FIELD_PRIME - 1, _ORDER_8_Y, FIELD_PRIME - _ORDER_8_Y})


def encode_multibase(data: bytes) -> str:
    """Return base58btc text with its multibase prefix `z`."""
    return "z" + base58.b58encode(data).decode("ascii")


def decode_multibase(text: str) -> bytes:
    """Return the bytes of base58btc text with the multibase prefix `z`.

    Raises:
        ValueError: another base, a letter outside the alphabet, or more than MAX_BASE58 letters.
    """
    if not text.startswith("z") or not text.isascii() or len(text) > MAX_BASE58:
        raise ValueError("Expected base58btc text with the multibase prefix z.")
    return bytes(base58.b58decode(text[1:]))


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, equal to every other with the same 32 bytes.

    Raises:
        KeyFormatError: not 32 bytes, not the one encoding of a point, or a point of small order.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise KeyFormatError(f"An Ed25519 key has {KEY_BYTES} bytes, this one has {len(self.raw)}.")
        y = int.from_bytes(self.raw, "little") & (2**255 - 1)
        if y >= FIELD_PRIME or y in SMALL_ORDER_Y:
            raise KeyFormatError("The key is not a point that can sign.")

    @classmethod
    def from_multibase(cls, text: str) -> Self:
        """Return the key of a `publicKeyMultibase` value (multicodec ed25519-pub, base58btc).

        Raises:
            KeyFormatError: another kind of key, or no key.
        """
        try:
            data = decode_multibase(text)
        except ValueError as error:
            raise KeyFormatError(str(error)) from error
        if not data.startswith(MULTICODEC_PUBLIC):
            raise KeyFormatError("The multicodec prefix is not that of an Ed25519 public key.")
        return cls(data.removeprefix(MULTICODEC_PUBLIC))

    @classmethod
    def from_did(cls, did: str) -> Self:
        """Return the key that a did:key, without fragment, names.

        Raises:
            KeyFormatError: another DID method, or no Ed25519 key.
        """
        if not did.startswith(DID_KEY):
            raise KeyFormatError(f"Expected a DID that starts with {DID_KEY}")
        return cls.from_multibase(did.removeprefix(DID_KEY))

    @property
    def multibase(self) -> str:
        """The `publicKeyMultibase` value."""
        return encode_multibase(MULTICODEC_PUBLIC + self.raw)

    @property
    def did(self) -> str:
        """The did:key."""
        return DID_KEY + self.multibase

    @property
    def verification_method(self) -> str:
        """The did:key with its fragment, as proofs name it."""
        return f"{self.did}#{self.multibase}"

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if this key made `signature` (64 bytes) over `message`.

        Raises:
            SignatureInvalid: it did not.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise SignatureInvalid from error


class PrivateKey:
    """A private key. It shows its DID only: neither repr nor pickle gives the secret away."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"PrivateKey({self.did})"

    def __getstate__(self) -> NoReturn:
        raise TypeError("A private key stays in the process that read it: it is neither pickled nor copied.")

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the system's random source."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of a 32-byte seed.

        Raises:
            KeyFormatError: not 32 bytes.
        """
        if len(seed) != KEY_BYTES:
            raise KeyFormatError(f"A seed has {KEY_BYTES} bytes, this one has {len(seed)}.")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Return the key kept at `path` (PKCS #8 PEM, mode 0600), made there if there is none.

        Two processes that start at once end up with the same key.

        Raises:
            KeyFileError: key-file-exposed when group or others may touch it, key-file-malformed when it
                holds no Ed25519 key.
        """
        key = read_key(path) or write_new_key(path, Ed25519PrivateKey.generate())
        return cls(key)

    @property
    def did(self) -> str:
        """The did:key of the public half."""
        return self.public.did

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message`."""
        return self._key.sign(message)


def resolve_did_key(verification_method: str) -> PublicKey | None:
    """Return the key that a did:key, with or without its fragment, names; None when it names none.

    A resolver for `integrity.verify_proof` where any well-formed key will do and trust is decided after it.
    """
    did, _, fragment = verification_method.partition("#")
    if fragment and did != DID_KEY + fragment:
        return None
    try:
        return PublicKey.from_did(did)
    except KeyFormatError:
        return None
