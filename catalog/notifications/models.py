import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.members.models import User
from provenance.events.models import Event


class Notification(models.Model):
    """One event that concerns one person. It holds no words: they are made when it is read.

    So they are in the language that the reader has then, names are those of today, and nothing is told to who
    may not know of the subject any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=40, help_text=_("why it concerns them: author, assigned, reviewer …"))
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "event"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="unread_by_recipient"),
            models.Index(fields=["created_at"], condition=Q(mailed_at__isnull=True), name="not_mailed_yet"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.event_id}"


class MailPace(models.TextChoices):
    """How often letters come."""

    AT_ONCE = "at-once", _("at once")
    DAILY = "daily", _("once a day")
    NEVER = "never", _("never")


class Correspondence(models.Model):
    """How one person wants to be told: in which language, how often by mail; and the key of their feed."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="correspondence"
    )
    language = models.CharField(max_length=10, blank=True, help_text=_("empty: the site's own"))
    pace = models.CharField(max_length=8, choices=MailPace, default=MailPace.AT_ONCE)
    feed_key = models.CharField(max_length=64, blank=True)
    digest_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed_key"], condition=~Q(feed_key=""), name="feed_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.pace}"
