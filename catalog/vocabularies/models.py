from django.db import models
from django.db.models import Q
from django.utils import timezone


class Term(models.Model):
    """One value of a controlled vocabulary: data with a stable address, edited without a release (DG:10).

    A term is never deleted, since records of versions name it for ever; it is retired, perhaps in favour of
    another one. ``labels`` and ``definition`` are texts by language tag. ``properties`` say what the program
    does with a term, such as ``{"use": "training"}`` of a type of artifact.
    """

    scheme = models.SlugField(max_length=40)
    code = models.CharField(max_length=60)
    iri = models.URLField(max_length=300, unique=True)
    labels = models.JSONField()
    definition = models.JSONField(default=dict, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    broader = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="narrower"
    )
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["scheme", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="term_once"),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(retired_at__isnull=False),
                name="only_retired_terms_are_replaced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}/{self.code}"

    def get_absolute_url(self) -> str:
        """Return the path of the term in its scheme's page."""
        return f"/vocabularies/{self.scheme}/#{self.code}"
