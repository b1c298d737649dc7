"""What reviewers said of a proposal, in words."""

from dataclasses import dataclass

from catalog.pages.proposals.forms.decisions import WORDS_OF_REASON
from catalog.pages.review.telling import TONES, words_of_verdict
from catalog.proposals.models import Proposal
from catalog.review.models import Capacity, Review
from catalog.review.reading import reviews_of
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Word:
    """One review as a page shows it; ``current`` when it is on the revision that stands now."""

    review: Review
    verdict: str
    tone: str
    reasons: list[str]
    current: bool

    @property
    def for_community(self) -> bool:
        """Whether it is an objection for a community, and no member's voice."""
        return self.review.capacity == Capacity.COMMUNITY


def spoken_on(actor: Actor, proposal: Proposal) -> list[Word]:
    """Return what was said on any revision, the newest first, as far as the actor may read it."""
    return [
        Word(
            review,
            words_of_verdict(review),
            TONES[review.verdict],
            [str(WORDS_OF_REASON.get(code, code)) for code in review.reason_codes],
            review.revision == proposal.revision,
        )
        for review in reversed(reviews_of(actor, proposal))
    ]
