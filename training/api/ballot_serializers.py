"""An open vote on the stragglers of a round: members and what they said, never persons."""

from typing import Any

from rest_framework import serializers

from training.rounds.ballots import Ballot

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


class StragglerBallotSerializer(S[Any]):
    """The vote that is open: how many equal words decide, who has spoken, who may."""

    number = serializers.IntegerField()
    needed = serializers.IntegerField()
    votes = StragglerVoteSerializer(many=True)
    voices = serializers.SerializerMethodField(help_text="Slugs of the members that may still vote.")
    missing = StragglerSerializer(many=True)

    def get_voices(self, ballot: Ballot) -> list[str]:
        """Return the members' slugs."""
        return [member.slug for member in ballot.voices]
