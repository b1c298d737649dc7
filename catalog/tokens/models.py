import uuid

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from knox.models import AbstractAuthToken

from catalog.members.models import User


class PersonalToken(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A token of one person. The token itself is kept nowhere: only its SHA-512, and a part to find it by.

    ``key`` is its public name, in addresses and in the log. ``used_on`` is a day and no moment: a request
    that only reads should seldom write.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Tell whether it has run out."""
        return self.expiry is not None and self.expiry <= timezone.now()


def tokens_of(person_id: int) -> QuerySet[PersonalToken]:
    """Return a person's tokens, the newest first."""
    found: QuerySet[PersonalToken] = PersonalToken.objects.filter(user_id=person_id)
    return found
