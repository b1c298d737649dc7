"""Cards, citations and completeness for machines; the files themselves stand beside the entry's page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM
from catalog.cards.card import Card, card_of
from catalog.cards.citation_formats import FORMATS
from catalog.cards.completeness import completeness_for
from catalog.cards.finding import version_asked_for
from catalog.cards.markdown import write_markdown
from catalog.members.actors import actor_of
from catalog.tiers import Stage

VERSION = OpenApiParameter("version", int, description="number of a version; the newest unless told")
ANSWERS = {(404, PROBLEM): ProblemSerializer}


class CitationsSerializer(serializers.Serializer[dict[str, str]]):
    """One citation in four formats, each a whole file."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One field a format, named by its ending."""
        return {ending: serializers.CharField(help_text=each.name) for ending, each in FORMATS.items()}


class CardSerializer(serializers.Serializer[Card]):
    """A version's card as far as the reader may know: Markdown with front matter, and how it is cited."""

    version = serializers.IntegerField(source="version.number")
    digest = serializers.CharField(source="version.digest")
    markdown = serializers.SerializerMethodField()
    citations = serializers.SerializerMethodField()

    def get_markdown(self, card: Card) -> str:
        """The whole file."""
        return write_markdown(card)

    @extend_schema_field(CitationsSerializer)
    def get_citations(self, card: Card) -> dict[str, str]:
        """BibTeX, RIS, CSL-JSON and CFF."""
        return {ending: each.write(card.citation) for ending, each in FORMATS.items()}


class GapSerializer(serializers.Serializer[Any]):
    """One missing answer; ``stops``: the stage is not ready without it."""

    path = serializers.CharField()
    sentence = serializers.CharField()
    stops = serializers.BooleanField()


class ReadinessSerializer(serializers.Serializer[Any]):
    """One stage of the pipeline."""

    stage = serializers.ChoiceField([str(stage) for stage in Stage])
    permitted = serializers.BooleanField()
    ready = serializers.BooleanField()
    score = serializers.IntegerField(min_value=0, max_value=100)
    gaps = GapSerializer(many=True)


class CompletenessSerializer(serializers.Serializer[Any]):
    """How complete the entry is; null and empty where the reader may not read all that it rests on."""

    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    stages = ReadinessSerializer(many=True)


class CardView(APIView):
    """A card."""

    @extend_schema(
        operation_id="datasets_card", parameters=[VERSION], responses={200: CardSerializer, **ANSWERS}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The card of a version, with its citations."""
        actor = actor_of(request.user)
        version = version_asked_for(actor, slug, request.query_params.get("version"))
        return Response(CardSerializer(card_of(version, actor)).data)


class CompletenessView(APIView):
    """Completeness."""

    @extend_schema(
        operation_id="datasets_completeness",
        parameters=[VERSION],
        responses={200: CompletenessSerializer, **ANSWERS},
    )
    def get(self, request: Request, slug: str) -> Response:
        """What is missing for each stage of the pipeline, in words, and a score with its definition."""
        actor = actor_of(request.user)
        version = version_asked_for(actor, slug, request.query_params.get("version"))
        found = completeness_for(actor, version)
        return Response(CompletenessSerializer(found or {"score": None, "stages": []}).data)
