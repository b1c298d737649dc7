"""Only gathers the rooms' models for Django."""

from catalog.access.models import AccessRequest
from catalog.batches.models import Batch, Row
from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.governance.models import Ballot, Motion, Rule
from catalog.inspection.models import EntryFacts, Inspection, Overlap, Preview, SketchBand
from catalog.lifecycle.models import Notice
from catalog.members.models import Member, Membership, User
from catalog.notifications.models import Correspondence, Notification
from catalog.proposals.models import Proposal
from catalog.review.models import (
    Appeal,
    AppealVoice,
    Assignment,
    Comment,
    Recusal,
    Review,
    Submission,
    Thread,
)
from catalog.tokens.models import PersonalToken
from catalog.uploads.models import Upload, UploadPart
from catalog.vocabularies.models import Term

__all__ = [
    "AccessRequest",
    "Appeal",
    "AppealVoice",
    "Assignment",
    "Ballot",
    "Batch",
    "Comment",
    "Correspondence",
    "Dataset",
    "DatasetFile",
    "DatasetVersion",
    "EntryFacts",
    "Inspection",
    "Member",
    "Membership",
    "Motion",
    "Notice",
    "Notification",
    "Overlap",
    "PersonalToken",
    "Preview",
    "Proposal",
    "Recusal",
    "Review",
    "Row",
    "Rule",
    "SketchBand",
    "Submission",
    "Term",
    "Thread",
    "Upload",
    "UploadPart",
    "User",
]
