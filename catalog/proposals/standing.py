"""Telling people in words what a proposal still needs."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.members.models import Member
from catalog.proposals.checks import blockers, check_draft
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE, UNDER_REVIEW, ProposalState
from catalog.review.models import Verdict
from catalog.review.tally import QUORUM, members_left, voices_on
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
    if proposal.state == ProposalState.BLOCKED:
        return [_("It is blocked. Withdraw it and propose again what answers the block.")]
    return []


def _to_submit(proposal: Proposal, actor: Actor) -> list[str]:
    messages = [text for texts in blockers(check_draft(proposal, actor=actor)).values() for text in texts]
    return [*messages, _("A steward of %(member)s has to submit it.") % {"member": proposal.member}]


def _to_decide(proposal: Proposal) -> list[str]:
    approvals = voices_on(proposal).filter(verdict=Verdict.APPROVE).count()
    wanted = max(QUORUM - approvals, 0)
    left = members_left(proposal)
    sentences = [_wanted(wanted, approvals)]
    if left:
        sentences.append(
            _("Maintainers of these members may still review it: %(names)s.") % {"names": _few(left)}
        )
    if len(left) < wanted:
        sentences.append(
            _("Too few members have a maintainer who may speak: the consortium has to name one.")
        )
    return sentences


def _wanted(wanted: int, approvals: int) -> str:
    if not approvals:
        return _("%(quorum)d members have to approve it (0 of %(quorum)d have).") % {"quorum": QUORUM}
    text = ngettext(
        "One more member has to approve it (%(have)d of %(quorum)d have).",
        "%(wanted)d more members have to approve it (%(have)d of %(quorum)d have).",
        wanted,
    )
    return text % {"wanted": wanted, "have": approvals, "quorum": QUORUM}


def _few(members: list[Member]) -> str:
    """Return their names, of many only the first ones and how many there are besides."""
    names = ", ".join(member.name for member in members[:MOST_NAMED])
    if (more := len(members) - MOST_NAMED) <= 0:
        return names
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": names,
        "n": more,
    }
