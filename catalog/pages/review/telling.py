"""What the rows of a review add to its events: the words that people wrote, and what a hand-in changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catalog.pages.datasets.difference import Difference
from catalog.pages.naming import Names
from catalog.pages.review.changes import difference_between
from catalog.pages.review.fields import label_of_field
from catalog.review.history import History
from catalog.review.models import AppealVoice, Review, Submission, Verdict
from catalog.review.trail import person
from provenance.events.models import Event

TONES: Final[Mapping[str, str]] = {
    Verdict.APPROVE: "good",
    Verdict.REQUEST_CHANGES: "attention",
    Verdict.REJECT: "bad",
    Verdict.BLOCK: "bad",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of an event besides its action; empty where the event says it all."""

    title: str = ""
    tone: str = ""
    about: str | Promise = ""
    said: str = ""
    difference: Difference | None = None


class Rows:
    """The rows of a history under the keys by which events name them."""

    def __init__(self, history: History, names: Names) -> None:
        self.names = names
        self.threads = {str(thread.pk): thread for thread in history.threads}
        self.comments = {said.pk: said for thread in history.threads for said in thread.comments.all()}
        self.reviews = {(each.revision, person(each.reviewer_id)): each for each in history.reviews}
        self.submissions = {each.revision: each for each in history.submissions}
        self.before = {each.number + 1: each for each in history.submissions}
        self.recusals = {person(each.person_id): each for each in history.recusals}
        self.appeals = {str(appeal.pk): appeal for appeal in history.appeals}
        self.voices = {voice.pk: voice for appeal in history.appeals for voice in appeal.voices.all()}

    def tell(self, event: Event) -> Told:
        """Return what is known of an event; a row that is hidden, or forgotten, adds nothing."""
        details: dict[str, Any] = event.details if isinstance(event.details, dict) else {}
        if "thread" in details:
            return self._talk(details)
        if "appeal" in details:
            return self._appeal(event, details)
        if event.action == "proposal.submitted":
            return self._hand_in(self.submissions.get(details.get("revision", 0)))
        if event.action == "proposal.reviewed":
            return _word(self.reviews.get((details.get("revision", 0), event.actor)))
        return self._plain(event, details)

    def _plain(self, event: Event, details: Mapping[str, Any]) -> Told:
        asked = self.names.get(str(details.get("reviewer", "")))
        said = details.get("note") or details.get("reason") or details.get("cause") or ""
        if event.action == "proposal.recused" and (recusal := self.recusals.get(event.actor)):
            said = recusal.reason
        return Told(about=asked.text if asked else "", said=str(said))

    def _talk(self, details: Mapping[str, Any]) -> Told:
        thread, comment = self.threads.get(details["thread"]), self.comments.get(details.get("comment", 0))
        return Told(
            about=label_of_field(thread.field) if thread else "", said=comment.text if comment else ""
        )

    def _hand_in(self, submission: Submission | None) -> Told:
        if submission is None:
            return Told()
        before = self.before.get(submission.number)
        if before is None:
            return Told(title=_("Handed in for review"), said=submission.change_note)
        words = (
            submission.answer,
            submission.change_note if submission.change_note != before.change_note else "",
        )
        return Told(
            title=_("Handed in again, number %(n)d") % {"n": submission.number},
            said="\n\n".join(filter(None, words)),
            difference=difference_between(before.record, before.files, submission.record, submission.files),
        )

    def _appeal(self, event: Event, details: Mapping[str, Any]) -> Told:
        if voice := self.voices.get(details.get("voice", 0)):
            return _voice(voice)
        appeal = self.appeals.get(details["appeal"])
        made = event.action == "proposal.appealed" and appeal is not None
        return Told(said=appeal.grounds if made and appeal else "")


def words_of_verdict(review: Review) -> str:
    """Return a verdict with what it says more: for what it approves, or on what ground it blocks."""
    if review.verdict == Verdict.APPROVE:
        return _("Approves it for %(what)s") % {"what": review.get_accepted_for_display()}
    if review.verdict == Verdict.BLOCK:
        return _("Blocks it on the ground of %(ground)s") % {"ground": review.get_ground_display()}
    return _("Rejects it") if review.verdict == Verdict.REJECT else _("Requests changes")


def _word(review: Review | None) -> Told:
    if review is None:
        return Told()
    title = _("%(verdict)s, for %(member)s") % {
        "verdict": words_of_verdict(review),
        "member": review.member,
    }
    return Told(title=title, tone=TONES[review.verdict], said=review.note)


def _voice(voice: AppealVoice) -> Told:
    title = (
        _("Upholds the appeal, for %(member)s")
        if voice.upholds
        else _("Dismisses the appeal, for %(member)s")
    )
    tone = "good" if voice.upholds else "bad"
    return Told(title=title % {"member": voice.member}, tone=tone, said=voice.note)
