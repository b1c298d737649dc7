"""The verbs of a review. Each owns its transaction, the lock on the row and the event."""

from catalog.review.appealing import appeal, speak_on_appeal, withdraw_appeal
from catalog.review.assigning import assign, decline
from catalog.review.discussing import open_thread, reopen, reply, resolve
from catalog.review.recusing import recuse_oneself
from catalog.review.reviewing import review_proposal, take_up_review

__all__ = [
    "appeal",
    "assign",
    "decline",
    "open_thread",
    "recuse_oneself",
    "reopen",
    "reply",
    "resolve",
    "review_proposal",
    "speak_on_appeal",
    "take_up_review",
    "withdraw_appeal",
]
