"""The header fields of a signed request, read with distrust (RFC 9651, RFC 9530)."""

from collections.abc import Mapping
from typing import Any, Never, cast

import http_sf

from provenance.signing.errors import RequestSignatureError

SHA256_BYTES = 32
MAX_FIELD_CHARACTERS = 4096


def refuse_malformed(detail: str, cause: Exception | None = None) -> Never:
    """Raise RequestSignatureError with the code signature-malformed."""
    raise RequestSignatureError("signature-malformed", detail) from cause


def join_fields(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the fields under lower-case names; repeated ones are one list (RFC 9110 §5.3)."""
    fields: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        fields[lower] = f"{fields[lower]}, {value}" if lower in fields else value
    return fields


def parse_dictionary(field: str) -> dict[str, Any]:
    """Return a Dictionary Structured Field (RFC 9651 §3.2): (value, parameters) for each key.

    Raises:
        RequestSignatureError: signature-malformed, for two equal keys too.
    """
    if len(field) > MAX_FIELD_CHARACTERS:
        refuse_malformed(f"A field has at most {MAX_FIELD_CHARACTERS} characters.")

    def refuse(key: str, _context: str) -> None:
        raise ValueError(f"{key} appears twice.")

    try:
        members = http_sf.parse(field.encode(), tltype="dictionary", on_duplicate_key=refuse)
    except ValueError as error:
        refuse_malformed("A field is no Structured Field dictionary.", error)
    return cast("dict[str, Any]", members)


def body_digest(fields: dict[str, str]) -> bytes:
    """Return the 32 bytes of the Content-Digest's sha-256.

    Raises:
        RequestSignatureError: digest-missing, signature-malformed.
    """
    if "content-digest" not in fields:
        raise RequestSignatureError("digest-missing", "The request has no Content-Digest field.")
    value, _ = parse_dictionary(fields["content-digest"]).get("sha-256", (None, {}))
    if not isinstance(value, bytes) or len(value) != SHA256_BYTES:
        raise RequestSignatureError("digest-missing", "The Content-Digest has no sha-256 of 32 bytes.")
    return value
