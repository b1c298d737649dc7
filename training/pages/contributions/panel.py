"""Who may say something about a contribution, and what the others are told instead of the panel."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, Role
from provenance.actors import Actor
from training.contributions.missing import AFTER_REVIEW
from training.contributions.models import Contribution, Decision
from training.contributions.states import ContributionState
from training.pages.contributions.forms import DecisionForm
from training.pages.voices import voices_of
from training.rounds.states import RoundState


@dataclass(frozen=True, slots=True)
class Panel:
    """Either a form, or the reason why there is none."""

    form: DecisionForm | None = None
    title: str | Promise = ""
    reason: str | Promise = ""
    sign_in: bool = False


def panel_for(
    actor: Actor, contribution: Contribution, decisions: list[Decision], form: DecisionForm | None = None
) -> Panel:
    """Return what ``actor`` sees; the service asks the same questions again and has the last word (INV-7).

    ``contribution`` comes with round, job, node and member, ``decisions`` are those of its present turn;
    ``form`` is one that was sent and did not pass.
    """
    owner = contribution.job.node.member
    voices = voices_of(actor)
    if (closed := _closed(contribution)) is not None and form is None:
        return closed
    if not actor.members:
        reason = _("Maintainers of other members decide. Sign in if you are one.")
        return Panel(title=_("Who decides"), reason=reason, sign_in=True)
    if owner.slug in actor.members:
        text = _("You belong to %(member)s, and this is its contribution: others decide on it.")
        return Panel(title=_("You are recused"), reason=text % {"member": owner})
    if not actor.has_role(Role.MAINTAINER):
        return Panel(
            title=_("Who decides"), reason=_("Maintainers decide. You may read everything they read.")
        )
    if any(each.maintainer_id == actor.key for each in decisions) or not _left(voices, decisions):
        reason = _("You, or somebody of your member, decided on it already; a member has one word.")
        return Panel(title=_("Your member has spoken"), reason=reason)
    return Panel(form=form or DecisionForm(voices=voices))


def _left(voices: list[Member], decisions: list[Decision]) -> list[Member]:
    spoken = {decision.member_id for decision in decisions}
    return [member for member in voices if member.pk not in spoken]


def _closed(contribution: Contribution) -> Panel | None:
    """Return what everybody is told while nobody may decide; None while somebody may."""
    if contribution.state != ContributionState.ADMITTED:
        return Panel(title=_("Nothing to decide"), reason=_why_closed(contribution))
    if contribution.round.state == RoundState.REVIEWING:
        return None
    reason = _("Members decide when its round has collected and measured its candidate.")
    if contribution.round.state in AFTER_REVIEW:
        reason = _(
            "An appeal freed it after its round had gone on: the next round of its family takes it up."
        )
    return Panel(title=_("Not yet to be decided"), reason=reason)


def _why_closed(contribution: Contribution) -> str | Promise:
    reasons = {
        ContributionState.COMMITTED: _("Its node has signed it; the bytes are still on their way."),
        ContributionState.WITHDRAWN: _("Its bytes never came, so there is nothing to decide about."),
        ContributionState.RECEIVED: _("The admission check has to finish first; this takes seconds."),
        ContributionState.INADMISSIBLE: _("The admission check found what the published rules refuse."),
        ContributionState.ACCEPTED: _("Enough members accepted it; it waits for the merge."),
        ContributionState.REJECTED: _("Enough members rejected it; it stays out of the base."),
        ContributionState.QUARANTINED: _("It is in quarantine: out of this round, and kept in full."),
        ContributionState.MERGED: _("It is merged; every member can compute its part in the base again."),
    }
    return reasons[ContributionState(contribution.state)]
