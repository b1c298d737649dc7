from celery import shared_task
from django.utils import timezone

from provenance.identity.models import UsedNonce


@shared_task  # type: ignore[untyped-decorator]  # Celery has no types
def forget_nonces() -> int:
    """Delete the nonces whose signatures have expired; return how many went. Safe to repeat."""
    deleted, _ = UsedNonce.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
