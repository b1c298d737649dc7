"""What can go wrong with signed things: one base with a stable code, one class for each kind of document."""


class SigningError(Exception):
    """Something signed can not be trusted or read: `code` is stable, for programs; `detail` is for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class SignatureInvalid(SigningError):  # noqa: N818 - the name that the design note gives
    """The bytes were not signed by this key, or were changed afterwards. Code: signature-invalid."""

    def __init__(self, detail: str = "The signature does not match the key and the message.") -> None:
        super().__init__("signature-invalid", detail)


class JsonError(SigningError):
    """A document has no single reading, or no canonical form. Codes: json-malformed, json-not-canonical."""


class KeyFormatError(SigningError):
    """A key or its did:key is not a usable Ed25519 key. Code: key-malformed."""

    def __init__(self, detail: str) -> None:
        super().__init__("key-malformed", detail)


class KeyFileError(SigningError):
    """A file with a private key can not be used. Codes: key-file-exposed, key-file-malformed."""


class ProofError(SigningError):
    """A Data Integrity proof does not hold.

    Codes: proof-missing, proof-malformed, proof-present, proof-expired, context-mismatch, purpose-mismatch,
    key-unknown, signature-invalid.
    """


class EnvelopeError(SigningError):
    """A DSSE envelope can not be opened.

    Codes: envelope-malformed, envelope-too-large, payload-type-unknown, payload-malformed, key-id-repeated,
    signature-invalid, key-unknown, signer-missing.
    """


class StatementError(SigningError):
    """An in-toto Statement is not one of ours.

    Codes: statement-malformed, subject-malformed, predicate-type-unknown.
    """


class CommitmentError(SigningError):
    """A salted commitment does not stand for what is shown.

    Codes: items-miscounted, leaves-malformed, opening-malformed, opening-mismatch, commitment-mismatch.
    """


class AttestationError(SigningError):
    """What a node says of its member's data is not well formed, or not signed by that node alone.

    Codes: attestation-signer, attestation-malformed.
    """


class RequestSignatureError(SigningError):
    """A signed HTTP request is refused.

    Codes: signature-missing, signature-malformed, signature-expired, signature-not-yet-valid,
    signature-invalid, key-unknown, digest-missing, coverage-insufficient, lifetime-too-long.
    """
