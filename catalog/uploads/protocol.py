"""What tus 1.0.0 says in headers, read and written: core, creation, termination, expiration, checksum."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from django.utils.http import http_date
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError

from catalog.proposals.taking_in import LARGEST_UPLOAD
from catalog.uploads.checksums import ALGORITHMS, Checksum
from catalog.uploads.ending import LIFETIME
from catalog.uploads.models import Upload

VERSION: Final = "1.0.0"
BODY: Final = "application/offset+octet-stream"
ABILITIES: Final = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,termination,expiration,checksum",
    "Tus-Max-Size": str(LARGEST_UPLOAD),
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}
CHECKSUM_MISMATCH: Final = 460  # a status of tus alone
_DIGITS: Final = 19  # of the largest number that the database counts to


class WrongVersion(APIException):
    """The client speaks another version of tus, or does not say which."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = f"Say Tus-Resumable: {VERSION}."
    default_code = "tus-version"


class TooLarge(APIException):
    """More bytes are announced than may come."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"A file has at most {LARGEST_UPLOAD // 2**30} GiB, and an upload what it announced."
    default_code = "too-large"


class LengthMissing(APIException):
    """A body without a length: it could not be told from one that broke off."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = "Say Content-Length."
    default_code = "length-required"


def read_number(headers: Mapping[str, str], name: str) -> int:
    """Return a header's number; raise ParseError unless it is written in plain digits."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise ParseError(f"{name} has to be a number of bytes.")
    return int(text)


def read_metadata(header: str) -> dict[str, str]:
    """Read ``Upload-Metadata``: pairs of a key and base64 of UTF-8, separated by commas."""
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ParseError(f"Upload-Metadata: {key[:40]!r} is not base64 of UTF-8.") from None
    return found


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Return what ``Upload-Checksum`` announces; raise ParseError for an unknown form."""
    header = headers.get("Upload-Checksum")
    try:
        return Checksum(header) if header else None
    except ValueError as error:
        raise ParseError(str(error)) from None


def name_in(metadata: Mapping[str, str]) -> str:
    """Return the file's name: callers may send a path, and only its last part is a name."""
    given = metadata.get("filename") or metadata.get("name") or ""
    return PurePosixPath(given.replace("\\", "/")).name


def headers_of(upload: Upload) -> dict[str, str]:
    """Return how far an upload is, and until when it may be continued."""
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.bytes)}
    if upload.completed_at is None:
        headers["Upload-Expires"] = http_date((upload.touched_at + LIFETIME).timestamp())
    return headers
