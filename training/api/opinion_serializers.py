"""What a program says of an update, and how it is shown: as a program's, in nobody's name but its own."""

from typing import Any

from rest_framework import serializers

from training.contributions.models import DecisionVerdict
from training.contributions.opining import LONGEST_NAME, LONGEST_TEXT
from training.contributions.review_models import Opinion


class OpinionRequestSerializer(serializers.Serializer[Any]):
    """A program's opinion. It takes the place of what the program said before with the same token."""

    program = serializers.CharField(max_length=LONGEST_NAME, help_text="What the program calls itself.")
    verdict = serializers.ChoiceField(choices=DecisionVerdict.choices)
    text = serializers.CharField(max_length=LONGEST_TEXT, help_text="What it found, in plain text.")


class OpinionSerializer(serializers.ModelSerializer[Opinion]):
    """An opinion that stands. It never counts."""

    program = serializers.CharField(read_only=True)
    verdict = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    member = serializers.CharField(source="member.slug", read_only=True)
    person = serializers.CharField(source="person.name", read_only=True, help_text="Whose token it used.")
    counts = serializers.SerializerMethodField(help_text="Always false: programs have no voice.")
    created_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Opinion
        fields = ["program", "verdict", "text", "member", "person", "counts", "created_at"]
        read_only_fields = fields

    def get_counts(self, opinion: Opinion) -> bool:  # noqa: ARG002 - the framework's signature
        """Say that it has no weight in any decision (INV-7)."""
        return False
