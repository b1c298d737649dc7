"""Events as a story: what happened, in words, who did it and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.naming import actor_of_event, names_for
from catalog.pages.reasons import words_of_reason
from provenance.actors import Actor
from provenance.events.models import Event, Outcome

SENTENCES: Final[dict[str, str | Promise]] = {
    "member.admitted": _("Member admitted"),
    "consortium.founded": _("Consortium founded: from here on members vote"),
    "role.granted": _("Role given"),
    "role.revoked": _("Role taken back"),
    "motion.opened": _("Motion opened"),
    "motion.voted": _("Ballot cast"),
    "motion.carried": _("Motion carried"),
    "motion.lost": _("Motion lost"),
    "motion.lapsed": _("Motion lapsed: its time was over"),
    "motion.withdrawn": _("Motion taken back"),
    "motion.refused": _("Tried to govern without a voice"),
    "rule.changed": _("Rule changed"),
    "token.made": _("Personal token made"),
    "token.revoked": _("Personal token revoked"),
    "log.exported": _("The log was taken away as a file"),
    "vocabulary.term-added": _("Term added"),
    "vocabulary.term-renamed": _("Term renamed"),
    "vocabulary.term-retired": _("Term retired"),
    "proposal.started": _("Proposal started"),
    "proposal.saved": _("Draft saved"),
    "proposal.files-attached": _("Files attached"),
    "proposal.file-detached": _("File detached"),
    "proposal.made-private": _("Made private: everything else was forgotten"),
    "proposal.seal-attached": _("Seal of its node handed in"),
    "proposal.sealed": _("Sealed for its member"),
    "proposal.submitted": _("Proposal submitted for review"),
    "proposal.withdrawn": _("Proposal withdrawn"),
    "proposal.taken-up": _("Review taken up"),
    "proposal.reviewed": _("Reviewed"),
    "proposal.accepted": _("Proposal accepted"),
    "proposal.rejected": _("Proposal rejected"),
    "proposal.blocked": _("Proposal blocked"),
    "proposal.changes-requested": _("Changes requested"),
    "proposal.recused": _("A reviewer stepped back from the decision"),
    "proposal.assigned": _("A reviewer was asked"),
    "proposal.assignment-declined": _("A reviewer declined"),
    "proposal.assignment-passed-on": _("The overdue review was passed on"),
    "proposal.review-due": _("A reviewer was reminded"),
    "proposal.thread-opened": _("Talk begun"),
    "proposal.thread-answered": _("Said in a talk"),
    "proposal.thread-resolved": _("Talk settled"),
    "proposal.thread-reopened": _("Talk opened again"),
    "proposal.appealed": _("Decision appealed"),
    "proposal.appeal-voiced": _("A member spoke on the appeal"),
    "proposal.appeal-upheld": _("Appeal upheld: it is reviewed again"),
    "proposal.appeal-dismissed": _("Appeal dismissed: the decision stands"),
    "proposal.appeal-withdrawn": _("Appeal withdrawn"),
    "proposal.appeal-due": _("The appeal still lacks voices"),
    "batch.started": _("Table of descriptions handed in"),
    "batch.columns-set": _("Columns of a table told apart"),
    "batch.worked-through": _("Table worked through"),
    "batch.row-repaired": _("Row repaired"),
    "batch.row-left-out": _("Row left out"),
    "batch.row-taken-in": _("Row taken in again"),
    "batch.submitted": _("Drafts of a table submitted"),
    "batch.forgotten": _("Table forgotten"),
    "description.fetched": _("A description was asked for at another server"),
    "dataset.published": _("Dataset published"),
    "dataset.facts-computed": _("Facts computed"),
    "dataset.withdrawn": _("Dataset withdrawn"),
    "dataset.deprecated": _("Deprecated by its steward"),
    "dataset.superseded": _("Superseded by another entry"),
    "dataset.reinstated": _("Reinstated by its steward"),
    "access.request-access": _("Policy decided about a request for access"),
    "access.dispatch": _("Policy decided about work on a node"),
    "access.serve-to-node": _("Bytes for a node"),
    "access.download": _("Download"),
    "access.derive": _("Policy decided about a derived dataset"),
    "access.requested": _("Access requested"),
    "access.renewal-requested": _("Longer access requested"),
    "access.granted": _("Access granted"),
    "access.refused": _("Access refused"),
    "access.withdrawn": _("Request withdrawn, or access given back"),
    "access.revoked": _("Access revoked"),
    "access.expired": _("Access ran out"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One event, or several alike, as templates/components/timeline.html shows it."""

    title: str | Promise
    at: datetime
    actor: str
    state: str
    detail: str
    about: str = ""
    url: str = ""
    times: int = 1


def describe_actions(sentences: Mapping[str, str | Promise]) -> None:
    """Let a floor above say what its actions are in words."""
    SENTENCES.update(sentences)


def tell(events: Iterable[Event], *, reader: Actor, linked: bool = False) -> list[Beat]:
    """Turn events into beats, in their order, as ``reader`` may know them; neighbours that are alike are one.

    ``linked`` adds what each is about, and its page.
    """
    told = list(events)
    names = names_for(reader, told, subjects=linked)
    beats: list[Beat] = []
    for event in told:
        about = names.get(event.subject) if linked else None
        beat = Beat(
            title=words_of_action(event.action),
            at=event.time,
            actor=actor_of_event(event, names),
            state=_state(event),
            detail=_detail(event),
            about=about.text if about else "",
            url=about.url if about else "",
        )
        if beats and replace(beats[-1], at=beat.at, times=1) == beat:
            beats[-1] = replace(beats[-1], times=beats[-1].times + 1)
        else:
            beats.append(beat)
    return beats


def words_of_action(action: str) -> str | Promise:
    """Return an action in words; one that nobody described is spelled out, as in "Node key rotated"."""
    spelled = action.replace(".", " ").replace("-", " ").replace("_", " ")
    return SENTENCES.get(action) or spelled.capitalize()


def _state(event: Event) -> str:
    return "done" if event.outcome == Outcome.DONE else str(event.outcome)


def _detail(event: Event) -> str:
    """Return what its author wrote (a note, or the cause), then the reasons."""
    details = event.details if isinstance(event.details, dict) else {}
    reasons = ", ".join(words_of_reason(code) for code in event.reason_codes)
    return " · ".join(str(text) for text in (details.get("cause") or details.get("note"), reasons) if text)
