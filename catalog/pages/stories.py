"""Events as a story: what happened, in words, who did it and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from provenance.events.models import Event, Outcome

SENTENCES: Final[dict[str, str | Promise]] = {
    "proposal.started": _("Proposal started"),
    "proposal.made-private": _("Made private: everything else was forgotten"),
    "proposal.seal-attached": _("Seal of its node handed in"),
    "proposal.sealed": _("Sealed for its member"),
    "proposal.submitted": _("Proposal submitted for review"),
    "proposal.withdrawn": _("Proposal withdrawn"),
    "proposal.accepted": _("Proposal accepted"),
    "proposal.rejected": _("Proposal rejected"),
    "proposal.blocked": _("Proposal blocked"),
    "dataset.published": _("Dataset published"),
    "dataset.withdrawn": _("Dataset withdrawn"),
    "dataset.deprecated": _("Deprecated by its steward"),
    "dataset.superseded": _("Superseded by another entry"),
    "dataset.reinstated": _("Reinstated by its steward"),
    "access.request-access": _("Request for access"),
    "access.dispatch": _("Dispatch to a node"),
    "access.serve-to-node": _("Bytes for a node"),
    "access.download": _("Download"),
    "access.derive": _("Derivation"),
    "access.requested": _("Access requested"),
    "access.renewal-requested": _("Longer access requested"),
    "access.granted": _("Access granted"),
    "access.refused": _("Access refused"),
    "access.withdrawn": _("Request withdrawn, or access given back"),
    "access.revoked": _("Access revoked"),
    "access.expired": _("Access ran out"),
}
# The page of what an event is about, where its address can be read from the subject.
PAGES: Final = {
    "dataset": "/datasets/{}/",
    "proposal": "/proposals/{}/",
    "access": "/access/{}/",
    "member": "/members/{}/",
    "round": "/rounds/{}/",
    "checkpoint": "/checkpoints/{}/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One event as templates/components/timeline.html shows it."""

    title: str | Promise
    at: datetime
    actor: str
    state: str
    detail: str
    url: str = ""


def tell(events: Iterable[Event], *, linked: bool = False) -> list[Beat]:
    """Turn events into beats, in their order; ``linked`` adds the page of each subject."""
    return [
        Beat(
            title=words_of_action(event.action),
            at=event.time,
            actor=event.actor_label,
            state=_state(event),
            detail=_detail(event),
            url=page_of_subject(event.subject) if linked else "",
        )
        for event in events
    ]


def words_of_action(action: str) -> str | Promise:
    """Return an action in words; one that nobody described is spelled out, as in "Node key rotated"."""
    spelled = action.replace(".", " ").replace("-", " ").replace("_", " ")
    return SENTENCES.get(action) or spelled.capitalize()


def page_of_subject(subject: str) -> str:
    """Return the path of the page of an event's subject, empty when it has none."""
    noun, _colon, key = subject.partition(":")
    pattern = PAGES.get(noun)
    return pattern.format(key) if pattern and key and key.replace("-", "").isalnum() else ""


def _state(event: Event) -> str:
    return "done" if event.outcome == Outcome.DONE else str(event.outcome)


def _detail(event: Event) -> str:
    note = event.details.get("note") if isinstance(event.details, dict) else None
    return " · ".join(text for text in (str(note or ""), ", ".join(event.reason_codes)) if text)
