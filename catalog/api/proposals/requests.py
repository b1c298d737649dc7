"""What callers send about a proposal itself. What a record may hold, the services check."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from catalog.proposals.states import ProposalState
from catalog.tiers import Tier


class ProposalParameters(serializers.Serializer[Any]):
    """Filters of the list; they add up."""

    state = serializers.ChoiceField(ProposalState.choices, required=False)
    member = serializers.SlugField(required=False, help_text="whose proposals")
    tier = serializers.ChoiceField([str(tier) for tier in Tier], required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A new entry",
            value={
                "member": "andes-open-library",
                "record": {"title": {"en": "Songs of the valley"}, "tier": "open"},
            },
            request_only=True,
        )
    ]
)
class StartSerializer(serializers.Serializer[Any]):
    """A draft to start. With ``dataset`` it is the next version of that entry."""

    member = serializers.SlugField(help_text="one for which you are a steward")
    record = serializers.DictField(required=False, help_text="may still lack anything")
    dataset = serializers.SlugField(required=False, help_text="an entry of this member")
    slug = serializers.SlugField(required=False, max_length=120, help_text="made from the title unless told")


class RecordSerializer(serializers.Serializer[Any]):
    """What can be written of a proposal. PUT: what is not in the record is taken away. PATCH: RFC 7396."""

    record = serializers.DictField()

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what can not be written, rather than leave it out silently."""
        more = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if more:
            raise serializers.ValidationError({name: ["This can not be written here."] for name in more})
        return super().to_internal_value(data)


class SubmitSerializer(serializers.Serializer[Any]):
    """Handing in. ``affirmed``: the caller affirms that the member has the rights that the record states."""

    affirmed = serializers.BooleanField()
    change_note = serializers.CharField(
        required=False, max_length=500, help_text="of a next version: what changed since the one before"
    )
    answer = serializers.CharField(
        required=False, max_length=4000, help_text="to reviewers who asked for changes"
    )

    def validate_affirmed(self, value: bool) -> bool:
        """Take nothing but a yes."""
        if not value:
            raise serializers.ValidationError("Nobody can hand it in without affirming the rights.")
        return value


class WithdrawSerializer(serializers.Serializer[Any]):
    """Taking it back, for good."""

    reason = serializers.CharField(required=False, max_length=4000, default="")


class SealSerializer(serializers.Serializer[Any]):
    """The envelope that ``tapestry-node seal`` printed."""

    envelope = serializers.DictField()


class PointerSerializer(serializers.Serializer[Any]):
    """A file that stays with its member: what is known of it here."""

    path = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField(min_value=0)
    records = serializers.IntegerField(min_value=0)
    language = serializers.CharField()
    media_type = serializers.CharField(required=False)


class PointersSerializer(serializers.Serializer[Any]):
    """Pointers to attach to a local-only draft, all or none."""

    files = PointerSerializer(many=True, allow_empty=False)
