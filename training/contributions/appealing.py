"""Appeals: against a rejection or a quarantine, decided by members that did not speak for it."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.governance.reading import rule
from catalog.members.models import Member
from catalog.review.states import APPEAL_MOVES, AppealState
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, NotPermitted
from provenance.states import swap_state
from provenance.text import required_text
from training.contributions.access import lock_contribution, require_contributor
from training.contributions.judges import entitled_to_judge, verdict_on
from training.contributions.models import Contribution
from training.contributions.reason_codes import OVERDUE
from training.contributions.review_models import ContributionAppeal, ContributionAppealVoice
from training.contributions.states import ContributionState
from training.contributions.trail import leave_trail
from training.messages import advance_soon
from training.rounds.releasing import release
from training.voices import voice_of

LONGEST_TEXT: Final = 4000  # characters, as the columns hold them
APPEALABLE: Final = (ContributionState.REJECTED, ContributionState.QUARANTINED)


@transaction.atomic
def appeal_decision(actor: Actor, contribution: Contribution, grounds: str) -> ContributionAppeal:
    """Call on the members that had no part in it to look at a decision again, once a turn.

    Raises:
        NotPermitted: ``not-of-the-contributor``.
        Conflict: ``not-appealable``, ``already-appealed``.
        Invalid: ``grounds-missing``, ``text-malformed``.
    """
    found = lock_contribution(contribution)
    require_contributor(actor, found)
    grounds = required_text(
        grounds,
        field="grounds",
        longest=LONGEST_TEXT,
        message="Say why the decision should be looked at again.",
        code="grounds-missing",
    )
    if found.state not in APPEALABLE:
        raise Conflict(
            f"This contribution is {found.state}; only a rejection or a quarantine is appealed.",
            code="not-appealable",
        )
    if found.appeals.filter(turn=found.turn).exists():
        raise Conflict("This decision was appealed before.", code="already-appealed")
    made = ContributionAppeal.objects.create(
        contribution=found,
        turn=found.turn,
        against=found.state,
        member=found.job.node.member,
        made_by_id=actor.key,
        grounds=grounds,
        due_at=timezone.now() + timedelta(days=rule("appeal.days")),
    )
    leave_trail(actor, found, "contribution.appealed", appeal=str(made.pk), against=made.against)
    return made


@transaction.atomic
def speak_on_appeal(
    actor: Actor, appeal: ContributionAppeal, *, upholds: bool, note: str, member: str | None = None
) -> ContributionAppealVoice:
    """Say one member's word on an appeal; what then suffices (`judges.verdict_on`) happens at once.

    Upheld, the update is before the members again, in a turn of its own, so that all speak anew; see
    `training.rounds.releasing` for the round. Dismissed, it stays what it was.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`; ``spoke-for-decision``; ``note-missing``,
            ``text-malformed``.
        Conflict: ``appeal-closed``, ``already-spoken``.
    """
    held = _lock_appeal(appeal)
    voice = voice_of(actor, recused=held.member.slug, member=member)
    note = required_text(note, field="note", longest=LONGEST_TEXT, message="Say why.", code="note-missing")
    _require_open(held)
    _require_judge(actor, held, voice)
    said = ContributionAppealVoice.objects.create(
        appeal=held, member=voice, maintainer_id=actor.key, upholds=upholds, note=note
    )
    leave_trail(
        actor,
        held.contribution,
        "contribution.appeal-voiced",
        appeal=str(held.pk),
        voice=said.pk,
        member=voice.slug,
        upholds=upholds,
    )
    _follow(actor, held)
    return said


@transaction.atomic
def withdraw_appeal(actor: Actor, appeal: ContributionAppeal) -> ContributionAppeal:
    """Take an appeal back; the decision stays, and is not appealed again.

    Raises:
        NotPermitted: ``not-of-the-contributor``. Conflict: ``appeal-closed``.
    """
    held = _lock_appeal(appeal)
    require_contributor(actor, held.contribution)
    _require_open(held)
    return _close(actor, held, AppealState.WITHDRAWN)


def close_overdue_appeals(*, at: datetime | None = None) -> int:
    """Dismiss the appeals whose time is over without enough voices; return how many.

    A decision stands until enough members say in time that it was wrong: the time is theirs, by the rule
    ``appeal.days``.
    """
    due = ContributionAppeal.objects.filter(state=AppealState.OPEN, due_at__lte=at or timezone.now())
    return sum(_dismiss_overdue(held) for held in due.select_related("contribution").order_by("due_at"))


@transaction.atomic
def _dismiss_overdue(appeal: ContributionAppeal) -> bool:
    held = _lock_appeal(appeal)
    if held.state != AppealState.OPEN:
        return False
    _close(COORDINATOR, held, AppealState.DISMISSED, OVERDUE)
    return True


def _follow(actor: Actor, held: ContributionAppeal) -> None:
    verdict = verdict_on(held)
    if verdict is None:
        return
    _close(actor, held, verdict)
    if verdict is AppealState.UPHELD:
        round_ = release(actor, held.contribution)
        advance_soon(round_.pk)


def _close(actor: Actor, held: ContributionAppeal, state: AppealState, *codes: str) -> ContributionAppeal:
    contribution = held.contribution
    closed = swap_state(held, to=state, table=APPEAL_MOVES, decided_at=timezone.now())
    leave_trail(
        actor,
        contribution,
        f"contribution.appeal-{state}",
        codes,
        appeal=str(closed.pk),
        against=closed.against,
    )
    closed.contribution = contribution
    return closed


def _lock_appeal(appeal: ContributionAppeal) -> ContributionAppeal:
    """Return the appeal as it stands now, the row of its update locked."""
    found = lock_contribution(appeal.contribution)
    held = ContributionAppeal.objects.select_related("member").get(pk=appeal.pk)
    held.contribution = found
    return held


def _require_open(held: ContributionAppeal) -> None:
    if held.state != AppealState.OPEN:
        raise Conflict(f"This appeal is {held.get_state_display()}.", code="appeal-closed")


def _require_judge(actor: Actor, held: ContributionAppeal, voice: Member) -> None:
    if not entitled_to_judge(held).filter(user=actor.key, member=voice).exists():
        raise NotPermitted(
            f"You or {voice} spoke for the decision that is appealed.",
            code="spoke-for-decision",
            requirement="INV-7",
            remedy="Members that had no part in it decide.",
        )
    spoken = held.voices.filter(member=voice) | held.voices.filter(maintainer=actor.key)
    if spoken.exists():
        raise Conflict("You, or somebody of your member, spoke on it before.", code="already-spoken")
