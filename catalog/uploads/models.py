import uuid

from django.db import models
from django.db.models import F, Q

from catalog.members.models import User
from catalog.proposals.models import Proposal


class Upload(models.Model):
    """A file on its way in, part by part, so that a broken line costs one part and not the file.

    ``bytes`` is the announced size, ``received`` how many have arrived, without a gap. The parts wait in a
    store of their own; complete, they stream through the hash into the blob store and are forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="uploads")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="uploads")
    path = models.CharField(max_length=500)
    language = models.CharField(max_length=35, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True, db_index=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("bytes")), name="upload_not_beyond_its_size"),
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.received} of {self.bytes} bytes"


class UploadPart(models.Model):
    """One part of an upload, under its sha256 in the store of parts."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ["upload", "offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.bytes} bytes from {self.offset}"
