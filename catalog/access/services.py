"""The verbs of a request for access. Each owns its transaction, the lock on the row and the events."""

from catalog.access.asking import renew_access, request_access, withdraw_request
from catalog.access.deciding import grant_access, refuse_access, revoke_access
from catalog.access.expiring import expire_due

__all__ = [
    "expire_due",
    "grant_access",
    "refuse_access",
    "renew_access",
    "request_access",
    "revoke_access",
    "withdraw_request",
]
