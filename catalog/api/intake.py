"""`/api/v1/proposals/from/`: a draft from a description that exists."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.proposals.conditions import entity_tag, place_of
from catalog.api.proposals.finding import WRITING, caller, named_member, problems, read_body
from catalog.api.proposals.parsing import PlainJSON
from catalog.api.proposals.serializers import ProposalSerializer
from catalog.intake.asking import fetch_description
from catalog.intake.readers import Kind, read_all
from catalog.intake.starting import Source, start_from_description
from catalog.interchange.addresses import absolute
from catalog.members.models import Member
from catalog.proposals.access import require_steward
from catalog.proposals.models import Proposal
from provenance.actors import Actor


class DescriptionSerializer(serializers.Serializer[Any]):
    """A description: Croissant, DCAT as JSON-LD or Turtle, or a dataset card. Either ``url`` or ``document``.

    Never send the description of private data: those are sealed on their node and nothing of them comes here.
    """

    member = serializers.SlugField(help_text="one for which you are a steward")
    url = serializers.CharField(required=False, max_length=2000, help_text="where the description lies")
    document = serializers.CharField(
        required=False, max_length=2**20, trim_whitespace=False, help_text="its text, as it lies in a file"
    )
    media_type = serializers.CharField(required=False, default="", max_length=100)
    name = serializers.CharField(
        required=False, default="", max_length=200, help_text="of its file, such as README.md"
    )
    dataset = serializers.CharField(
        required=False, default="", max_length=300, help_text="which one, where it describes several"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if ("url" in attrs) == ("document" in attrs):
            raise serializers.ValidationError({"document": ["Give either url or document."]})
        return attrs


class IntakeSerializer(serializers.Serializer[Any]):
    """What became of the words of a description, by field of the record."""

    source = serializers.CharField(  # type: ignore[assignment]  # its name in the document
        help_text="an address, the name of a file, or empty for a text"
    )
    format = serializers.ChoiceField([str(kind) for kind in Kind])
    normalised = serializers.DictField(
        child=serializers.CharField(), help_text="put into the catalog's words: what stood there → what it is"
    )
    unknown = serializers.DictField(
        child=serializers.CharField(), help_text="left open: what stood there, empty where nothing did"
    )
    suggested = serializers.DictField(
        child=serializers.CharField(), help_text="what it hints at, for a person to decide"
    )


class DraftFromDescriptionSerializer(ProposalSerializer):
    """The draft, and what was read into it."""

    intake = IntakeSerializer(read_only=True)

    class Meta(ProposalSerializer.Meta):
        fields = (*ProposalSerializer.Meta.fields, "intake")
        read_only_fields = fields


class FromDescriptionView(APIView):
    """A draft from what others wrote."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (PlainJSON,)

    @extend_schema(
        operation_id="proposals_start_from_description",
        request=DescriptionSerializer,
        responses={201: DraftFromDescriptionSerializer, **problems(*WRITING, 429)},
    )
    def post(self, request: Request) -> Response:
        """Start a draft with what a description states; tier, permitted stages and affirmation stay open."""
        actor = caller(request)
        given = read_body(request, DescriptionSerializer)
        member = named_member(given["member"])
        assert member is not None  # noqa: S101 - the field is required and never empty
        started = _start(actor, member, given)
        document = DraftFromDescriptionSerializer(started, context={"actor": actor}).data
        headers = {"Location": absolute(place_of(started.pk)), "ETag": entity_tag(actor, started)}
        return Response(document, status=201, headers=headers)


def _start(actor: Actor, member: Member, given: dict[str, Any]) -> Proposal:
    require_steward(actor, member)
    if "url" in given:
        fetched = fetch_description(actor=actor, member=member, url=given["url"])
        content, media_type, name = fetched.content, fetched.media_type, fetched.url
    else:
        content, media_type, name = given["document"].encode(), given["media_type"], given["name"]
    reading = read_all(content, media_type=media_type, name=name)
    made = reading.chosen(given["dataset"]).made
    source = Source(name=name, kind=reading.kind)
    return start_from_description(actor=actor, member=member, made=made, source=source)
