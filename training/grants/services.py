"""The verbs of a grant, in one place for pages, API and shell."""

from training.grants.issuing import request_grant
from training.grants.reading import GrantWatch, open_file
from training.grants.revoking import (
    end_with_access,
    give_back,
    may_revoke,
    revoke_grant,
    revoke_grants_of_node,
    revoke_grants_on,
)

__all__ = [
    "GrantWatch",
    "end_with_access",
    "give_back",
    "may_revoke",
    "open_file",
    "request_grant",
    "revoke_grant",
    "revoke_grants_of_node",
    "revoke_grants_on",
]
