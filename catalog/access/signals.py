"""What the floors above may hear of a granted request, in the transaction of the change."""

from typing import Final

from django.dispatch import Signal

# Sent with request, actor and action, after each step: access.granted, access.revoked, access.expired, …
access_moved: Final = Signal()
