"""Programs say what they think of an update, with a personal token. It is shown, and never counts (INV-7)."""

from typing import TYPE_CHECKING, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.members.actors import actor_of
from catalog.tokens.authentication import PersonalTokenAuthentication
from provenance.errors import NotFound, NotPermitted
from training.api.job_views import read_body
from training.api.opinion_serializers import OpinionRequestSerializer, OpinionSerializer
from training.api.parsing import NodeJson
from training.api.public_views import caller
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.opining import give_opinion, standing_opinions

if TYPE_CHECKING:
    from catalog.members.models import User
    from catalog.tokens.models import PersonalToken


class ContributionOpinions(APIView):
    """What programs think of one update."""

    parser_classes = [NodeJson]

    @extend_schema(operation_id="contributions_opinions_list", responses=OpinionSerializer(many=True))
    def get(self, request: Request, digest: str) -> Response:
        """List the last opinion of each program and token, newest first, for members."""
        contribution = _contribution(digest)
        if not caller(request).members:
            raise NotPermitted("Members read opinions of programs.", code="consortium-only")
        return Response(OpinionSerializer(standing_opinions(contribution), many=True).data)

    @extend_schema(
        operation_id="contributions_opinions_create",
        request=OpinionRequestSerializer,
        responses={201: OpinionSerializer},
    )
    def post(self, request: Request, digest: str) -> Response:
        """Give an opinion; a signed-in session gives none, because it is a person's and no program's."""
        if not isinstance(request.successful_authenticator, PersonalTokenAuthentication):
            raise NotPermitted(
                "A program gives its opinion with a personal token.",
                code="token-required",
                remedy="Make a token on your account’s page; people decide on the page of the contribution.",
            )
        said = read_body(OpinionRequestSerializer, request)
        opinion = give_opinion(
            actor_of(cast("User", request.user)),
            _contribution(digest),
            token=cast("PersonalToken", request.auth),
            program=said["program"],
            verdict=DecisionVerdict(said["verdict"]),
            text=said["text"],
        )
        return Response(OpinionSerializer(opinion).data, status=201)


def _contribution(digest: str) -> Contribution:
    found = Contribution.objects.filter(digest=digest).first()
    if found is None:
        raise NotFound("There is no such contribution.")
    return found
