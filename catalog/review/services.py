"""The verbs of a review. Each owns its transaction, the lock on the row and the event."""

from catalog.review.reviewing import review_proposal, take_up_review

__all__ = ["review_proposal", "take_up_review"]
