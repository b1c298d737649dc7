from django.db import models


class UsedNonce(models.Model):
    """A nonce that a signed request has used up; kept until no signature could carry it any more."""

    key_id = models.CharField(max_length=200)
    nonce = models.CharField(max_length=100)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_id", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.nonce}"
