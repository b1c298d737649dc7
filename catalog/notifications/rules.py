"""Which events people are told of, and who is concerned by each. What is not here is in the log alone."""

from typing import Final

from catalog.notifications import circles
from catalog.notifications.circles import Circle

# What has a page of its own, as events name it; PostgreSQL reads the pattern too.
SUBJECT: Final = (
    r"^(proposal|access|motion|batch):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
)
# The clock does it in the name of whoever began it, who is not looking: they are told as well.
IN_THEIR_NAME: Final = frozenset({"batch.worked-through"})
PROPOSERS: Final = (circles.AUTHORS, circles.STEWARDS)
REVIEWERS: Final = (circles.SPEAKERS, circles.ASSIGNED)
TALKERS: Final = (circles.IN_THREAD, circles.AUTHORS, circles.STEWARDS, circles.ASSIGNED)

# Who stands in several circles is told once, for the first of them. Nobody is told of their own deed.
# Floors above add theirs: `catalog.notifications.joining`.
RULES: Final[dict[str, tuple[Circle, ...]]] = {
    "proposal.submitted": PROPOSERS,
    "proposal.sealed": PROPOSERS,
    "proposal.made-private": PROPOSERS,
    "proposal.withdrawn": (*PROPOSERS, *REVIEWERS),
    "proposal.changes-requested": (*PROPOSERS, *REVIEWERS),
    "proposal.accepted": (*PROPOSERS, *REVIEWERS),
    "proposal.rejected": (*PROPOSERS, *REVIEWERS),
    "proposal.blocked": (*PROPOSERS, *REVIEWERS),
    "proposal.assigned": (circles.ASKED_NOW,),
    "proposal.assignment-passed-on": (circles.ASKED_NOW,),
    "proposal.review-due": (circles.ASKED_NOW,),
    "proposal.thread-opened": TALKERS,
    "proposal.thread-answered": TALKERS,
    "proposal.thread-resolved": TALKERS,
    "proposal.thread-reopened": TALKERS,
    "proposal.appealed": (*PROPOSERS, circles.SPEAKERS, circles.OTHER_MAINTAINERS),
    "proposal.appeal-due": (circles.OTHER_MAINTAINERS,),
    "proposal.appeal-upheld": (circles.APPELLANTS, *PROPOSERS, circles.SPEAKERS),
    "proposal.appeal-dismissed": (circles.APPELLANTS, *PROPOSERS, circles.SPEAKERS),
    "proposal.appeal-withdrawn": (*PROPOSERS, circles.SPEAKERS, circles.OTHER_MAINTAINERS),
    "motion.opened": (circles.MAINTAINERS,),
    "motion.carried": (circles.MOVERS, circles.MAINTAINERS),
    "motion.lost": (circles.MOVERS, circles.MAINTAINERS),
    "motion.lapsed": (circles.MOVERS, circles.MAINTAINERS),
    "motion.withdrawn": (circles.MAINTAINERS,),
    "access.requested": (circles.OWNERS,),
    "access.renewal-requested": (circles.OWNERS,),
    "access.withdrawn": (circles.OWNERS,),
    "access.granted": (circles.ASKERS,),
    "access.refused": (circles.ASKERS,),
    "access.revoked": (circles.ASKERS,),
    "access.expired": (circles.ASKERS,),
    "batch.worked-through": (circles.SENDERS,),
}
