"""What the API says of batches and their rows, and takes."""

from typing import Any

from rest_framework import serializers

from catalog.batches.exporting import row_document
from catalog.batches.models import Batch, Row
from catalog.batches.report import standing_of
from catalog.batches.states import BatchState, RowState
from catalog.batches.submitting import MOST_AT_ONCE
from catalog.interchange.addresses import absolute


class ColumnSerializer(serializers.Serializer[Any]):
    """A column and what it fills."""

    column = serializers.CharField(max_length=220)
    path = serializers.CharField(max_length=100, allow_blank=True, help_text="of the record; empty: left out")


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """A table of descriptions, and how far it has come."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    format = serializers.CharField(read_only=True, help_text=", ".join(Batch.Format.values))
    state = serializers.CharField(read_only=True, help_text=", ".join(BatchState.values))
    columns = serializers.SerializerMethodField()
    constants = serializers.DictField(child=serializers.CharField(), read_only=True)
    counts = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = (
            *("id", "member", "name", "format", "state", "columns", "constants"),
            *("counts", "created_at", "touched_at", "url"),
        )
        read_only_fields = fields

    def get_columns(self, batch: Batch) -> list[dict[str, str]]:
        """Columns in the order of the table, each with the path of the record that it fills."""
        return [{"column": column, "path": path} for column, path in batch.columns]

    def get_counts(self, batch: Batch) -> dict[str, int]:
        """Numbers of rows by state."""
        return standing_of(batch).counts

    def get_url(self, batch: Batch) -> str:
        """The batch's page."""
        return absolute(batch.get_absolute_url())


class FaultSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a row."""

    field = serializers.CharField(help_text="of the record; empty where it is of none")
    column = serializers.CharField(help_text="of the table; empty where it is of none")
    code = serializers.CharField(help_text="stable, for programs")
    message = serializers.CharField()
    remedy = serializers.CharField()


class RowSerializer(serializers.Serializer[Row]):
    """A row: its texts by column, what is wrong with it, the draft that came of it."""

    number = serializers.IntegerField(help_text="from 1 on, the heading not counted")
    state = serializers.CharField(help_text=", ".join(RowState.values))
    title = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())
    faults = FaultSerializer(many=True)
    proposal = serializers.UUIDField(allow_null=True)

    def to_representation(self, instance: Row) -> dict[str, Any]:
        """Return the row as the report has it."""
        return row_document(instance, instance.batch)


class SetColumnsSerializer(serializers.Serializer[Any]):
    """What the columns mean, and what holds for all rows that say nothing there."""

    columns = ColumnSerializer(many=True, help_text="those that are not named are left out")
    constants = serializers.DictField(
        child=serializers.CharField(max_length=4000, allow_blank=True), required=False, default=dict
    )


class RepairSerializer(serializers.Serializer[Any]):
    """New texts for some cells, or whether the row is left out."""

    values = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), required=False
    )
    keep_duplicate = serializers.BooleanField(required=False, default=False)
    left_out = serializers.BooleanField(
        required=False, help_text="true leaves it out, false takes it in again"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if ("values" in attrs) == ("left_out" in attrs):
            raise serializers.ValidationError({"values": ["Give either values or left_out."]})
        return attrs


class SubmitRowsSerializer(serializers.Serializer[Any]):
    """Which drafts are handed in."""

    affirmed = serializers.BooleanField(help_text="your member may share the data of every row")
    rows = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        max_length=5000,
        help_text="all without it",
    )
    after = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=10**6,
        help_text=f"go on behind this row; {MOST_AT_ONCE} a call",
    )


class BlockedSerializer(serializers.Serializer[Any]):
    """A draft that could not be handed in, and why."""

    number = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]
    url = serializers.CharField()


class HandedInSerializer(serializers.Serializer[Any]):
    """What one call did."""

    submitted = serializers.ListField(child=serializers.IntegerField())
    blocked = BlockedSerializer(many=True)
    left = serializers.IntegerField(help_text="drafts that wait for another call")
