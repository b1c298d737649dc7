"""An open vote on the stragglers of a round: members and what they said, never persons."""

from typing import Any

from rest_framework import serializers

S = serializers.Serializer


class StragglerSerializer(S[Any]):
    """A node that is missing, and why."""

    node = serializers.CharField(source="job.node.slug")
    code = serializers.CharField(help_text="Cause, as in `waiting_code`.")
    words = serializers.CharField()


class StragglerVoteSerializer(S[Any]):
    """One member's word."""

    member = serializers.CharField(source="member.slug")
    choice = serializers.CharField(help_text="go-on, wait or abandon")
    hours = serializers.IntegerField(help_text="How much longer, where it is to wait.")


class BallotSerializer(S[Any]):
    """The vote that is open: how many equal words decide, who has spoken, who may."""

    number = serializers.IntegerField()
    needed = serializers.IntegerField()
    votes = StragglerVoteSerializer(many=True)
    voices = serializers.SlugRelatedField[Any](slug_field="slug", many=True, read_only=True)
    missing = StragglerSerializer(many=True)
