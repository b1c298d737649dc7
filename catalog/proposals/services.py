"""The verbs of a proposal. Each owns its transaction, the lock on the row and the event."""

from catalog.proposals.answering import save_answers
from catalog.proposals.attaching import attach_pointers, attach_upload, detach_file
from catalog.proposals.drafting import save_draft, start_proposal
from catalog.proposals.sealing import attach_seal
from catalog.proposals.standing import what_is_missing
from catalog.proposals.submitting import submit_proposal, withdraw_proposal

__all__ = [
    "attach_pointers",
    "attach_seal",
    "attach_upload",
    "detach_file",
    "save_answers",
    "save_draft",
    "start_proposal",
    "submit_proposal",
    "what_is_missing",
    "withdraw_proposal",
]
