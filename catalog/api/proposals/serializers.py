"""What the API tells of a proposal. People stand in it by name nowhere: voices are their members'."""

from typing import Any

from rest_framework import serializers

from catalog.interchange.addresses import absolute
from catalog.interchange.disclosure import is_withheld, readable_proposal
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState


class ProposalLineSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal in a list. ``context["actor"]`` reads it."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    dataset = serializers.SlugRelatedField[Any](
        slug_field="slug", read_only=True, allow_null=True, help_text="the entry that it is a version of"
    )
    state = serializers.CharField(read_only=True, help_text=", ".join(ProposalState.values))
    tier = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = (
            *("id", "member", "dataset", "slug", "tier", "title", "state", "accepted_for", "block_ground"),
            *("revision", "created_at", "updated_at", "submitted_at", "url"),
        )
        read_only_fields = fields

    def get_tier(self, proposal: Proposal) -> str | None:
        """One of the four, or null while none is chosen."""
        tier = proposal.record.get("tier")
        return tier if isinstance(tier, str) else None

    def get_title(self, proposal: Proposal) -> dict[str, str]:
        """A text per language; empty while there is none, and of private data for ever."""
        titles = proposal.record.get("title")
        texts = titles if isinstance(titles, dict) else {}
        return {str(tag): str(text) for tag, text in texts.items()}

    def get_url(self, proposal: Proposal) -> str:
        """Its page."""
        return absolute(proposal.get_absolute_url())


class ListedFileSerializer(serializers.Serializer[Any]):
    """A line of the manifest; ``storage`` is blob (held here) or pointer (held by its member)."""

    path = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    records = serializers.IntegerField()
    language = serializers.CharField()
    media_type = serializers.CharField(source="mediaType")
    storage = serializers.ChoiceField(["blob", "pointer"])


class ProposalSerializer(ProposalLineSerializer):
    """A proposal with its record, as far as ``context["actor"]`` may read it."""

    record = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    change_note = serializers.SerializerMethodField()

    class Meta(ProposalLineSerializer.Meta):
        fields = (*ProposalLineSerializer.Meta.fields, "change_note", "record", "files")
        read_only_fields = fields

    def get_record(self, proposal: Proposal) -> dict[str, Any]:
        """The descriptive record (FIELD.md §4); of private data the seal alone."""
        return readable_proposal(self.context["actor"], proposal)

    def get_files(self, proposal: Proposal) -> int:
        """How many files it lists."""
        return 0 if is_withheld(self.context["actor"], proposal) else len(proposal.files)

    def get_change_note(self, proposal: Proposal) -> str:
        """What changed since the version before, in its steward's words."""
        return "" if is_withheld(self.context["actor"], proposal) else proposal.change_note


class FindingSerializer(serializers.Serializer[Finding]):
    """One thing about a draft. A blocker stops the submission; ``requirement`` is the rule behind it."""

    level = serializers.ChoiceField([str(level) for level in Level])
    field = serializers.CharField(help_text="a dotted path, such as rights.model_training")
    code = serializers.CharField()
    requirement = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class FindingsSerializer(serializers.Serializer[Any]):
    """All findings, blockers first, and whether it could be handed in now but for the affirmation."""

    revision = serializers.IntegerField()
    ready = serializers.BooleanField()
    findings = FindingSerializer(many=True)
