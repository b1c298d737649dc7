"""Who asks, and the proposal that they mean: missing and hidden ones look alike (INV-6)."""

import uuid
from collections.abc import Sequence
from typing import Any, Final, cast

from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from catalog.api.proposals.parsing import PlainJSON
from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM
from catalog.members.actors import actor_of
from catalog.members.models import Member, User
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.errors import Invalid, NotFound

READING: Final = (401, 403, 404)
WRITING: Final = (400, 401, 403, 404, 409, 412, 415, 422)


class ProposalView(APIView):
    """What all addresses below a proposal share: only people, and bodies as JSON."""

    permission_classes = (IsAuthenticated,)
    parser_classes: Sequence[type[BaseParser]] = (PlainJSON,)

    @staticmethod
    def find(request: Request, key: uuid.UUID) -> tuple[Actor, Proposal]:
        """Return who asks and the proposal.

        Raises:
            NotFound: there is none, or the caller may not discover it.
        """
        actor = caller(request)
        visible = Proposal.objects.visible_to(actor).select_related("member", "dataset")
        found = visible.filter(pk=key).first()
        if found is None:
            raise NotFound("There is no such proposal.")
        return actor, found


def caller(request: Request) -> Actor:
    """Return the actor of a request that ``IsAuthenticated`` let in."""
    return actor_of(cast("User", request.user))


def read_body(request: Request, kind: type[Serializer[Any]]) -> dict[str, Any]:
    """Return the checked body; REST framework's ValidationError names the fields at fault."""
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return cast("dict[str, Any]", body.validated_data)


def named_member(slug: str | None) -> Member | None:
    """Return the member with this slug; None for none.

    Raises:
        Invalid: code ``member-unknown``.
    """
    if not slug:
        return None
    member = Member.objects.filter(slug=slug).first()
    if member is None:
        message = "There is no such member."
        raise Invalid(message, code="member-unknown", fields={"member": [message]})
    return member


def problems(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """Return what the schema says of refusals with these statuses."""
    return {(status, PROBLEM): ProblemSerializer for status in statuses}
