"""What changed since a proposal was last handed in, or since the reader last spoke on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.datasets.files import read_files
from catalog.interchange.disclosure import is_withheld
from catalog.lifecycle.files import compare_files
from catalog.pages.datasets.difference import Difference, changed_answers
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE, UNDER_REVIEW
from catalog.review.models import Review, Submission
from catalog.review.reading import submissions_of
from provenance.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A proposal as it stands against one earlier hand-in.

    ``earlier`` are all hand-ins that it can be held against, the newest first; ``reviewed`` is the one that
    the reader spoke on last, None where they never did. ``answer`` is what the steward wrote with the last
    hand-in to those who had asked for changes.
    """

    since: Submission
    earlier: Sequence[Submission]
    reviewed: Submission | None
    difference: Difference
    answer: str


def changes_in(actor: Actor, proposal: Proposal, asked: str = "") -> Changes | None:
    """Return what changed since hand-in ``asked`` (a number); None while there is nothing to tell.

    Without a choice it is the one that the reader reviewed last, else the one before what stands now.
    """
    if proposal.state not in (*EDITABLE, *UNDER_REVIEW) or is_withheld(actor, proposal):
        return None
    latest_first = list(submissions_of(proposal))[::-1]
    reviewed_now = proposal.state in UNDER_REVIEW
    earlier = latest_first[1:] if reviewed_now else latest_first  # the last one is what stands now
    if not earlier:
        return None
    reviewed = _reviewed(actor, proposal, earlier)
    chosen = next((each for each in earlier if str(each.number) == asked), reviewed or earlier[0])
    difference = difference_between(chosen.record, chosen.files, proposal.record, proposal.files)
    if not reviewed_now and difference.is_empty:
        return None
    answer = latest_first[0].answer if reviewed_now else ""
    return Changes(since=chosen, earlier=earlier, reviewed=reviewed, difference=difference, answer=answer)


def difference_between(
    before: Mapping[str, Any],
    files_before: Sequence[Mapping[str, Any]],
    after: Mapping[str, Any],
    files_after: Sequence[Mapping[str, Any]],
) -> Difference:
    """Compare two records and their lists of files; no query."""
    return Difference(
        changes=tuple(changed_answers(before, after)),
        numbers=(),
        files=compare_files(read_files(files_before), read_files(files_after)),
        withheld=False,
    )


def _reviewed(actor: Actor, proposal: Proposal, earlier: Sequence[Submission]) -> Submission | None:
    own = Review.objects.filter(proposal=proposal, reviewer=actor.key).order_by("-revision")
    last = own.values_list("revision", flat=True).first()
    return next((each for each in earlier if last is not None and each.revision <= last), None)
