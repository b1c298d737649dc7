"""Telling people in words what a proposal still needs."""

from collections.abc import Iterable
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.design.quantities import human_day
from catalog.proposals.checks import blockers, check_draft
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE, UNDER_REVIEW, ProposalState
from catalog.review.judges import judges_left, voices_wanted
from catalog.review.models import Appeal, Assignment, Capacity, Verdict
from catalog.review.reading import assignments_of, open_appeal_of, requests_left
from catalog.review.tally import members_left, quorum, voices_on
from provenance.actors import Actor

MOST_NAMED: Final = 5


def what_is_missing(proposal: Proposal, *, actor: Actor) -> list[str]:
    """Return what must still happen before the proposal is published, a sentence each; empty when nothing.

    ``actor`` is who reads it: of pinned sources that they may not discover they learn nothing (INV-6).
    """
    if proposal.state in EDITABLE:
        return _to_submit(proposal, actor)
    if proposal.state in UNDER_REVIEW:
        return _to_decide(proposal)
    if proposal.state in (ProposalState.BLOCKED, ProposalState.REJECTED):
        return _to_reopen(proposal)
    return []


def _to_submit(proposal: Proposal, actor: Actor) -> list[str]:
    messages = [text for texts in blockers(check_draft(proposal, actor=actor)).values() for text in texts]
    if open_requests := requests_left(proposal).count():
        told = ngettext(
            "%(n)d thread that reviewers want answered is not resolved; it keeps nobody from submitting.",
            "%(n)d threads that reviewers want answered are not resolved; they keep nobody from submitting.",
            open_requests,
        )
        messages.append(told % {"n": open_requests})
    return [*messages, _("A steward of %(member)s has to submit it.") % {"member": proposal.member}]


def _to_decide(proposal: Proposal) -> list[str]:
    voices = list(voices_on(proposal).filter(capacity=Capacity.MAINTAINER).values_list("verdict", flat=True))
    needed = quorum()
    wanted = max(needed - voices.count(Verdict.APPROVE), 0)
    left = members_left(proposal)
    sentences = [_wanted(wanted, needed), *_asked(assignments_of(proposal))]
    if left:
        names = _few(member.name for member in left)
        sentences.append(_("Maintainers of these members may still review it: %(names)s.") % {"names": names})
    if len(left) < wanted:
        sentences.append(
            _("Too few members have a maintainer who may speak: the consortium has to name one.")
        )
    return sentences


def _wanted(wanted: int, needed: int) -> str:
    have = needed - wanted
    if not have:
        return _("%(quorum)d members have to approve it (0 of %(quorum)d have).") % {"quorum": needed}
    text = ngettext(
        "One more member has to approve it (%(have)d of %(quorum)d have).",
        "%(wanted)d more members have to approve it (%(have)d of %(quorum)d have).",
        wanted,
    )
    return text % {"wanted": wanted, "have": have, "quorum": needed}


def _asked(assignments: Iterable[Assignment]) -> list[str]:
    """Say who is asked, each by their member, and whose time is over."""
    now, held = timezone.now(), list(assignments)
    waiting = [asked for asked in held if asked.due_at > now]
    late = [asked for asked in held if asked.due_at <= now]
    sentences = []
    if waiting:
        by = human_day(waiting[0].due_at)
        sentences.append(_("Asked to review it, the first by %(date)s: %(names)s.") % _named(waiting, by))
    if late:
        by = human_day(late[0].due_at)
        sentences.append(_("Overdue since %(date)s: %(names)s.") % _named(late, by))
    return sentences


def _named(assignments: Iterable[Assignment], by: str) -> dict[str, str]:
    names = (f"{asked.reviewer} ({asked.member})" for asked in assignments)
    return {"names": _few(names), "date": by}


def _to_reopen(proposal: Proposal) -> list[str]:
    """Say what becomes of a rejection or a block: it stands, unless members that had no part in it say no."""
    if (appeal := open_appeal_of(proposal)) is not None:
        return _to_judge(appeal)
    blocked = proposal.state == ProposalState.BLOCKED
    if proposal.appeals.filter(revision=proposal.revision).exists():
        if blocked:
            return [_("It stays blocked. Withdraw it and propose again what answers the block.")]
        return [_("It stays rejected. Propose again what answers the reasons.")]
    if blocked:
        return [
            _("It is blocked. Withdraw it and propose again what answers the block, or appeal."),
        ]
    return [_("It is rejected. A steward of %(member)s may appeal, once.") % {"member": proposal.member}]


def _to_judge(appeal: Appeal) -> list[str]:
    left = judges_left(appeal)
    wanted = voices_wanted(appeal, len(left))
    text = ngettext(
        "The appeal is open: one member that had no part in the decision has to agree on it.",
        "The appeal is open: %(wanted)d members that had no part in the decision have to agree on it.",
        wanted,
    )
    sentences = [text % {"wanted": wanted}]
    if left:
        names = _few(member.name for member in left)
        sentences.append(_("Maintainers of these members may still speak: %(names)s.") % {"names": names})
    else:
        sentences.append(_("No member that may speak has a maintainer: the consortium has to name one."))
    if appeal.due_at <= timezone.now():
        sentences.append(
            _("Its time was over on %(date)s; it stays open until they have spoken.")
            % {"date": human_day(appeal.due_at)}
        )
    return sentences


def _few(names: Iterable[str]) -> str:
    """Return the names, of many only the first ones and how many there are besides."""
    known = list(names)
    named = ", ".join(known[:MOST_NAMED])
    if (more := len(known) - MOST_NAMED) <= 0:
        return named
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": named,
        "n": more,
    }
