"""What a node runs, as the unsigned fields of its requests say, and whether we still understand it."""

import re
from typing import Any, Final

from django.core.exceptions import BadRequest
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from training.manifest.protocol import HEADER, LEAST

BEFORE_NUMBERS: Final = 1  # what a program speaks that does not say
MOST_CHARACTERS: Final = 40
_NUMBER: Final = re.compile(r"[0-9]{1,4}", re.ASCII)


class ProtocolTooOld(APIException):
    """The caller speaks a protocol that this coordinator no longer answers: 426 with both numbers."""

    status_code = status.HTTP_426_UPGRADE_REQUIRED

    def __init__(self, yours: int) -> None:
        super().__init__(
            f"This node speaks protocol {yours}; the coordinator answers from {LEAST} on. Nothing is lost: "
            "update tapestry-node."
        )
        self.extensions: dict[str, Any] = {"code": "protocol-too-old", "least": LEAST, "yours": yours}


def protocol_of(request: Request) -> int:
    """Return the number that the request says; newer ones than ours are served.

    Raises:
        BadRequest: it is no number of at most four digits.
    """
    said = request.headers.get(HEADER, str(BEFORE_NUMBERS))
    if not _NUMBER.fullmatch(said):
        raise BadRequest(f"{HEADER} is a number.")
    return int(said)


def program_of(request: Request) -> str:
    """Return name and version of the program, as far as they are plain text."""
    said = request.headers.get("User-Agent", "")
    return "".join(letter for letter in said if letter.isascii() and letter.isprintable())[:MOST_CHARACTERS]


def refuse_old_protocol(request: Request) -> None:
    """Return for a node that we understand.

    Raises:
        ProtocolTooOld: it is below `training.manifest.protocol.LEAST`.
    """
    yours = protocol_of(request)
    if yours < LEAST:
        raise ProtocolTooOld(yours)
