"""What was read, on its way through the reader's browser: signed, for an hour, and stored nowhere here.

A draft is made only when somebody says so, and what is not wanted leaves no trace in this house.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.core import signing
from django.utils.translation import gettext as _

from catalog.intake.normalising import Normalised
from catalog.intake.readers import Candidate, Kind, Reading
from catalog.intake.starting import Source
from provenance.actors import Actor
from provenance.errors import Conflict

SECONDS: Final = 3600
_SALT: Final = "proposals.from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A reading, where it came from, and for which member it was asked."""

    reading: Reading
    source: Source
    member: str


def sign(actor: Actor, held: Held) -> str:
    """Return what a hidden field carries; it is of use to this person alone."""
    document = {
        "kind": str(held.reading.kind),
        "name": held.source.name,
        "member": held.member,
        "candidates": [[each.key, each.title, asdict(each.made)] for each in held.reading.candidates],
    }
    return signing.dumps(document, salt=_salt(actor), compress=True)


def unsign(actor: Actor, text: str) -> Held:
    """Return what the field carried.

    Raises:
        Conflict: code ``description-expired``, when it is not ours, not this person's, or too old.
    """
    try:
        document: dict[str, Any] = signing.loads(text, salt=_salt(actor), max_age=SECONDS)
    except signing.BadSignature:
        raise Conflict(
            _("What was read is not at hand any more."),
            code="description-expired",
            remedy=_("Give the description once more."),
        ) from None
    kind = Kind(document["kind"])
    candidates = (Candidate(key, title, Normalised(**made)) for key, title, made in document["candidates"])
    return Held(
        reading=Reading(kind, tuple(candidates)),
        source=Source(name=document["name"], kind=kind),
        member=document["member"],
    )


def _salt(actor: Actor) -> str:
    return f"{_SALT}:{actor.identifier}"
