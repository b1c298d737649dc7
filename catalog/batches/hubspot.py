"""Exports of HubSpot, as the Open Trusted Data Initiative gathers contributions with it.

An export names its columns by labels ("Record ID", "Create Date") or by internal names ("hs_object_id",
"createdate"); answers with several values are joined by semicolons. The labels of the contribution form are
those of the initiative's page "Contribute" (name, e-mail, organisation, dataset and its licence …).
"""

from collections.abc import Iterable
from typing import Final

RECORD: Final = frozenset({"record id", "hs object id", "vid", "conversion date", "submitted on"})
PROPERTIES: Final = frozenset(
    {
        *("create date", "createdate", "last modified date", "lastmodifieddate", "contact owner"),
        *("hubspot owner id", "lifecycle stage", "lifecyclestage", "first name", "firstname", "last name"),
        *("lastname", "associated company", "company name", "dataset name", "dataset url"),
        *("dataset license", "dataset description", "primary contact email", "primary contact name"),
    }
)


def is_export(headings: Iterable[str]) -> bool:
    """Tell by its headings, in the plain form of ``catalog.batches.headings``, whether HubSpot wrote it."""
    plain = set(headings)
    return bool(plain & RECORD) and len(plain & PROPERTIES) >= 2  # noqa: PLR2004 - one alone is chance
