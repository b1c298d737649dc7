"""Telling people in words what a proposal still needs."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.proposals.checks import blockers, check_draft
from catalog.proposals.models import Proposal, Verdict
from catalog.proposals.states import EDITABLE, UNDER_REVIEW, ProposalState
from catalog.proposals.tally import QUORUM, members_left, voices_on
from provenance.actors import Actor


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
    sentences = [
        ngettext(
            "One more member has to approve it (%(have)d of %(quorum)d have).",
            "%(wanted)d more members have to approve it (%(have)d of %(quorum)d have).",
            wanted,
        )
        % {"wanted": wanted, "have": approvals, "quorum": QUORUM}
    ]
    if left:
        names = ", ".join(member.name for member in left)
        sentences.append(_("Maintainers of these members may still speak: %(names)s.") % {"names": names})
    if len(left) < wanted:
        sentences.append(
            _("Too few members have a maintainer who may speak: the consortium has to name one.")
        )
    return sentences
