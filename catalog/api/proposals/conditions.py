"""Conditional requests (RFC 9110 §13): nobody writes over what they have not read."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from catalog.interchange.disclosure import is_withheld
from catalog.proposals.access import lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE
from provenance.actors import Actor

WITHHELD: Final = "withheld"
Intent = Callable[[Proposal], Mapping[str, Any]]
"""Takes the proposal as it stands and returns the record that the caller wants it to have."""


class PreconditionRequired(APIException):
    """RFC 6585 §3: a writer has to say which revision it read."""

    status_code = 428
    default_detail = "Say in If-Match which revision you read: the ETag of the proposal."
    default_code = "precondition-required"


class RevisionStale(APIException):
    """Somebody was faster. Carries the tag of now, and the fields that differ from what was sent."""

    status_code = 412
    default_detail = "Somebody saved a newer revision. Compare both, and send yours again on top of it."
    default_code = "revision-stale"

    def __init__(self, current: Proposal, *, tag: str, intended: Mapping[str, Any] | None) -> None:
        super().__init__()
        self.headers = {"ETag": tag}
        self.extensions: dict[str, Any] = {"code": self.default_code, "revision": current.revision}
        if intended is not None:
            self.extensions["differing"] = differing(current.record, intended)


def entity_tag(actor: Actor, proposal: Proposal) -> str:
    """Return the strong entity tag of a proposal as ``actor`` reads it.

    While it can be edited that is its revision. Afterwards its state moves on while the revision stays, and
    an entry that is withdrawn leaves other members a tombstone: then the tag says so too.
    """
    more = [] if proposal.state in EDITABLE else [proposal.state]
    if is_withheld(actor, proposal):
        more.append(WITHHELD)
    return '"{}"'.format("-".join([str(proposal.revision), *more]))


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the caller holds this representation (``If-None-Match``; weak comparison)."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return any(each in {"*", tag} for each in (one.removeprefix("W/") for one in held))


def require_condition(request: Request) -> None:
    """Refuse a request that does not say what it read; raise PreconditionRequired."""
    if not request.headers.get("If-Match"):
        raise PreconditionRequired


@contextmanager
def held_still(
    request: Request, actor: Actor, proposal: Proposal, *, required: bool, intent: Intent | None = None
) -> Iterator[Proposal]:
    """Lock the proposal, if it still is what ``If-Match`` names, until the block and its transaction end.

    Raises:
        PreconditionRequired: there is no ``If-Match``, and ``required``.
        RevisionStale: it names another revision.
        NotFound: there is no such proposal for this actor.
    """
    if required:
        require_condition(request)
    header = request.headers.get("If-Match", "")
    with transaction.atomic():
        locked = lock_proposal(actor, proposal)
        tag = entity_tag(actor, locked)
        if header and not {"*", tag}.intersection(parse_etags(header)):
            raise RevisionStale(locked, tag=tag, intended=intent(locked) if intent else None)
        yield locked


def differing(current: Mapping[str, Any], intended: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``current`` that are not as intended, by name; null where it has none."""
    names = sorted({*current, *intended})
    return {name: current.get(name) for name in names if current.get(name) != intended.get(name)}


def place_of(key: uuid.UUID) -> str:
    """Return the path of a proposal in this API."""
    return f"/api/v1/proposals/{key}/"
