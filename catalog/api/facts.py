"""`/api/v1/datasets/<slug>/versions/<n>/facts/`: computed facts, as far as the reader may know them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM, find_version
from catalog.inspection.reading import ShownFacts, facts_for
from catalog.interchange.addresses import version_address
from catalog.members.actors import actor_of
from catalog.tiers import RULES, Metadata, Tier
from provenance.errors import NotFound


class TokensSerializer(serializers.Serializer[Any]):
    """Tokens of the tokenizer named; ``utf-8-bytes`` gives one for each byte of text."""

    tokenizer = serializers.CharField()
    count = serializers.IntegerField()
    exact = serializers.BooleanField()


class DetectedLanguageSerializer(serializers.Serializer[Any]):
    """A share from 0 to 1, weighted by size; the tag ``und`` is what is not certain."""

    tag = serializers.CharField()
    share = serializers.FloatField()


class PersonalDatumSerializer(serializers.Serializer[Any]):
    """Finds in the sample, and the estimate; what was found is not kept."""

    kind = serializers.CharField()
    count = serializers.IntegerField()
    per_million_records = serializers.IntegerField()


class FoundLicenceSerializer(serializers.Serializer[Any]):
    """An SPDX expression, and where it stands."""

    expression = serializers.CharField()
    where = serializers.CharField()


class RemarkSerializer(serializers.Serializer[Any]):
    """Something odd; programs go by ``code``."""

    code = serializers.CharField()
    message = serializers.CharField()


class ComputedFactsSerializer(serializers.Serializer[Any]):
    """Numbers for whoever may read facts; the last three fields only with the details."""

    inspector = serializers.CharField()
    files = serializers.IntegerField()
    bytes = serializers.IntegerField()
    unpacked_bytes = serializers.IntegerField()
    records = serializers.IntegerField()
    tokens = TokensSerializer()
    encoding_errors = serializers.IntegerField()
    formats = serializers.ListField(child=serializers.CharField())
    languages = DetectedLanguageSerializer(many=True)
    language_bound = serializers.FloatField(help_text="half-width of the 95 % interval of a share")
    undeclared = serializers.ListField(child=serializers.CharField())
    not_found = serializers.ListField(child=serializers.CharField())
    unrecognisable = serializers.ListField(child=serializers.CharField())
    exact_duplicates = serializers.FloatField(allow_null=True)
    near_duplicates = serializers.FloatField(allow_null=True)
    personal_data = PersonalDatumSerializer(many=True)
    duplicate_files = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    licences = FoundLicenceSerializer(many=True, required=False)
    remarks = RemarkSerializer(many=True, required=False)


class OverlapSerializer(serializers.Serializer[Any]):
    """Another entry's version with much of the same text (similarity 0 to 1) or the same files."""

    dataset = serializers.CharField()
    version = serializers.IntegerField()
    similarity = serializers.FloatField()
    same_files = serializers.IntegerField()
    url = serializers.URLField()


class VersionFactsSerializer(serializers.Serializer[Any]):
    """Facts come in the states ``computed`` and ``attested``.

    The others are ``withheld``, ``queued``, ``running``, ``refused`` and ``none``.
    """

    state = serializers.CharField()
    computed_at = serializers.DateTimeField(allow_null=True)
    attested_by = serializers.CharField(allow_null=True, help_text="did:key of the node that signed")
    statement = serializers.CharField(allow_null=True, help_text="digest of the signed statement")
    facts = ComputedFactsSerializer(allow_null=True)
    overlaps = OverlapSerializer(many=True)


class FactsView(APIView):
    """The facts of one version."""

    @extend_schema(
        operation_id="datasets_versions_facts_read",
        responses={200: VersionFactsSerializer, (404, PROBLEM): ProblemSerializer},
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """Computed or attested facts. Private data have none here, not even for their owner."""
        actor = actor_of(request.user)
        version = find_version(actor, slug, number)
        if RULES[Tier(version.tier)].metadata is Metadata.SEALED:
            raise NotFound("There is no such dataset or version.")
        return Response(VersionFactsSerializer(_document(facts_for(version, actor))).data)


def _document(shown: ShownFacts) -> dict[str, Any]:
    row = shown.row
    return {
        "state": shown.state,
        "computed_at": row.computed_at if row else None,
        "attested_by": (row.attested_by or None) if row else None,
        "statement": (row.statement or None) if row else None,
        "facts": shown.facts or None,
        "overlaps": [
            {
                "dataset": overlap.other.dataset.slug,
                "version": overlap.other.number,
                "similarity": overlap.similarity,
                "same_files": overlap.same_files,
                "url": version_address(overlap.other),
            }
            for overlap in shown.overlaps
        ],
    }
