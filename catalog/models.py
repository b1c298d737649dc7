"""Only gathers the rooms' models for Django."""

from catalog.access.models import AccessRequest
from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.inspection.models import EntryFacts, Inspection, Overlap, Preview, SketchBand
from catalog.lifecycle.models import Notice
from catalog.members.models import Member, Membership, User
from catalog.proposals.models import Proposal, Review
from catalog.uploads.models import Upload, UploadPart
from catalog.vocabularies.models import Term

__all__ = [
    "AccessRequest",
    "Dataset",
    "DatasetFile",
    "DatasetVersion",
    "EntryFacts",
    "Inspection",
    "Member",
    "Membership",
    "Notice",
    "Overlap",
    "Preview",
    "Proposal",
    "Review",
    "SketchBand",
    "Term",
    "Upload",
    "UploadPart",
    "User",
]
