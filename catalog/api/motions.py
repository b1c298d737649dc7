"""Rules, motions and ballots as the API shows and takes them. People stand there by identifier alone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.governance.models import Ballot, Choice, Motion, MotionKind
from catalog.governance.states import MotionState
from catalog.governance.trail import public_change
from catalog.interchange.addresses import absolute
from provenance.actors import CONSORTIUM


class RuleSerializer(serializers.Serializer[Any]):
    """A rule in force, its bounds, and the motion that made it (null: the program came with it)."""

    key = serializers.CharField(source="setting.key")
    title = serializers.CharField(source="setting.title")
    explanation = serializers.CharField(source="setting.explanation")
    unit = serializers.CharField(source="setting.kind", help_text="members, days or percent")
    value = serializers.IntegerField()
    default = serializers.IntegerField(source="setting.default")
    least = serializers.IntegerField(source="setting.least")
    most = serializers.IntegerField(source="setting.most")
    step = serializers.IntegerField(source="setting.step")
    since = serializers.DateTimeField(allow_null=True)
    motion = serializers.SerializerMethodField()

    def get_motion(self, held: Any) -> str | None:
        """Return the motion's page."""
        return absolute(f"/governance/motions/{held.motion}/") if held.motion else None


class BallotSerializer(serializers.ModelSerializer[Ballot]):
    """One member's vote."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    voter = serializers.SerializerMethodField()
    choice = serializers.CharField(read_only=True, help_text=", ".join(Choice.values))

    class Meta:
        model = Ballot
        fields = ("member", "voter", "choice", "note", "cast_at")
        read_only_fields = fields

    def get_voter(self, ballot: Ballot) -> str:
        """Return who cast it, by identifier."""
        return f"person:{ballot.voter_id}"


class TallySerializer(serializers.Serializer[Any]):
    """Members that said yes, no, neither; that have a voice; and that must say yes."""

    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    abstain = serializers.IntegerField()
    voices = serializers.IntegerField()
    needed = serializers.IntegerField()


class MotionSerializer(serializers.ModelSerializer[Motion]):
    """A motion with its ballots; ``context`` has the tallies of all that are shown, and the actor."""

    kind = serializers.CharField(read_only=True, help_text=", ".join(MotionKind.values))
    state = serializers.CharField(read_only=True, help_text=", ".join(MotionState.values))
    change = serializers.SerializerMethodField()
    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, help_text="who moved it")
    tally = serializers.SerializerMethodField()
    ballots = BallotSerializer(many=True, read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Motion
        fields = (
            *("id", "kind", "about", "change", "reason", "member", "state", "opened_at", "closes_at"),
            *("decided_at", "tally", "ballots", "url"),
        )
        read_only_fields = fields

    def get_change(self, motion: Motion) -> dict[str, Any]:
        """Return what would change; who would first speak for a new member is told to members alone."""
        known = CONSORTIUM in self.context["actor"].audiences
        return dict(motion.change) if known else public_change(motion)

    @extend_schema_field(TallySerializer)
    def get_tally(self, motion: Motion) -> Any:
        """Return the votes as they count now."""
        return TallySerializer(self.context["tallies"][motion.pk]).data

    def get_url(self, motion: Motion) -> str:
        """Return the motion's page."""
        return absolute(motion.get_absolute_url())


class MoveSerializer(serializers.Serializer[Any]):
    """A motion to be opened."""

    kind = serializers.ChoiceField(choices=MotionKind.choices)
    change = serializers.DictField(
        help_text=(
            "setting: {key, value}; role: {person, member, role, grant}; "
            "member: {slug, name, region, country, homepage, maintainer: {name, email}}"
        )
    )
    reason = serializers.CharField(max_length=4000)
    member = serializers.SlugField(required=False, help_text="one that you maintain, where there are several")


class CastSerializer(serializers.Serializer[Any]):
    """A ballot to be cast."""

    choice = serializers.ChoiceField(choices=Choice.choices)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    member = serializers.SlugField(required=False, help_text="one that you maintain, where there are several")
