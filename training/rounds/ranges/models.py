from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RangedMerge(models.Model):
    """A large merge that several workers compute.

    ``key`` is the digest of ``document``, what is merged and how, so that a merge that starts again finds
    what was done. A row stays when the merge is done: asked again, it answers at once.
    """

    MERGE = "merge"
    DONE = "done"

    key = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    elements = models.PositiveBigIntegerField(help_text=_("float32 numbers in the base"))
    range_elements = models.PositiveBigIntegerField(help_text=_("how many of them a worker takes at a time"))
    step = models.CharField(max_length=20, help_text=_("which pass over the bytes is due"))
    sums = models.JSONField(default=dict, help_text=_("what the passes before have counted"))
    resolved = models.JSONField(default=dict, help_text=_("with which numbers ranges are merged"))
    refusal = models.JSONField(null=True, blank=True, help_text=_("why the rule refuses these updates"))
    outcome = models.JSONField(null=True, blank=True, help_text=_("what came out, once it is kept whole"))
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("when workers were last asked"))
    asked_times = models.PositiveSmallIntegerField(default=0, help_text=_("in a row, and nothing done"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(range_elements__gt=0), name="ranged_merge_has_ranges"),
            models.CheckConstraint(
                condition=Q(step="done", outcome__isnull=False) | (~Q(step="done") & Q(outcome__isnull=True)),
                name="ranged_merge_done_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"merge in ranges {self.key[:12]}"

    @property
    def starts(self) -> range:
        """First element of each range."""
        return range(0, self.elements, self.range_elements)

    def span(self, start: int) -> tuple[int, int]:
        """Return the range that begins at an element: its first element, and the one after its last."""
        return start, min(start + self.range_elements, self.elements)


class MergeRange(models.Model):
    """One worker's share of a large merge that is done: elements ``start`` to ``stop`` of one pass.

    ``sums`` is what was counted there; ``sha256`` and ``state_sha256`` are of the part of the next base and
    of the server's next state, which are kept in the store until the whole is.
    """

    merge = models.ForeignKey(RangedMerge, on_delete=models.CASCADE, related_name="ranges")
    step = models.CharField(max_length=20, help_text=_("which pass over the bytes"))
    start = models.PositiveBigIntegerField()
    stop = models.PositiveBigIntegerField()
    sums = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    state_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["merge", "step", "start"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "step", "start"], name="merge_range_once"),
            models.CheckConstraint(condition=Q(stop__gt=F("start")), name="merge_range_has_elements"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.start}-{self.stop} of {self.merge}"
