"""Only gathers the rooms' models for Django."""

from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.members.models import Member, Membership, User
from catalog.proposals.models import Proposal, Review

__all__ = [
    "Dataset",
    "DatasetFile",
    "DatasetVersion",
    "Member",
    "Membership",
    "Proposal",
    "Review",
    "User",
]
