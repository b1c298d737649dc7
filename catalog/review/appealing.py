"""Appeals: against a rejection or a block, decided by members that did not speak for it."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.governance.reading import rule
from catalog.members.models import Member
from catalog.proposals.access import lock_proposal, require_steward
from catalog.proposals.models import Proposal
from catalog.proposals.states import TRANSITIONS, ProposalState
from catalog.review.assigning import assign_reviewers
from catalog.review.judges import entitled_to_judge, spoke_for_decision, verdict_on
from catalog.review.models import Appeal, AppealVoice
from catalog.review.states import APPEAL_MOVES, AppealState
from catalog.review.trail import leave_trail
from catalog.review.voices import member_spoken_for, require_maintainer
from provenance.actors import Actor
from provenance.errors import Conflict, NotFound, NotPermitted
from provenance.states import swap_state
from provenance.text import plain_text, required_text

LONGEST_TEXT: Final = 4000
APPEALABLE: Final = (ProposalState.REJECTED, ProposalState.BLOCKED)


@transaction.atomic
def appeal(*, actor: Actor, proposal: Proposal, grounds: str) -> Appeal:
    """Call on the members that had no part in it to look at a rejection or a block again, once a revision.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: code ``not-a-steward``.
        Conflict: codes ``not-appealable`` or ``already-appealed``.
        Invalid: codes ``grounds-missing`` or ``text-malformed``.
    """
    grounds = required_text(
        grounds,
        field="grounds",
        longest=LONGEST_TEXT,
        message="Say why the decision should be looked at again.",
        code="grounds-missing",
    )
    found = lock_proposal(actor, proposal)
    require_steward(actor, found.member)
    if found.state not in APPEALABLE:
        raise Conflict(
            f"This proposal is {found.get_state_display()}; only a rejection or a block is appealed.",
            code="not-appealable",
        )
    if Appeal.objects.filter(proposal=found, revision=found.revision).exists():
        raise Conflict("This decision was appealed before.", code="already-appealed")
    made = Appeal.objects.create(
        proposal=found,
        against=found.state,
        revision=found.revision,
        member=found.member,
        made_by_id=actor.key,
        grounds=grounds,
        due_at=timezone.now() + timedelta(days=rule("appeal.days")),
    )
    leave_trail(actor, found, "proposal.appealed", appeal=str(made.pk), against=made.against)
    return made


@transaction.atomic
def speak_on_appeal(
    *, actor: Actor, appeal: Appeal, upholds: bool, note: str, member: Member | None = None
) -> AppealVoice:
    """Say one member's word on an appeal; what then suffices (``judges.verdict_on``) happens at once.

    Upheld, the proposal is under review again as a revision of its own, so that nothing that was said on the
    old one counts and every member speaks anew. Dismissed, it stays what it was.

    Raises:
        NotFound: there is no such appeal for this actor.
        NotPermitted: codes ``not-a-maintainer``, ``recused`` or ``spoke-for-decision``.
        Conflict: codes ``appeal-closed``, ``member-has-spoken`` or ``reviewer-has-spoken``.
        Invalid: codes ``member-ambiguous``, ``note-missing`` or ``text-malformed``.
    """
    note = plain_text(note, field="note", longest=LONGEST_TEXT)
    held, found = _lock_appeal(actor, appeal)
    require_maintainer(actor, found)
    _require_open(held)
    voice = _voice_of(actor, held, member)
    note = required_text(note, field="note", longest=LONGEST_TEXT, message="Say why.", code="note-missing")
    said = AppealVoice.objects.create(
        appeal=held, reviewer_id=actor.key, member=voice, upholds=upholds, note=note
    )
    leave_trail(
        actor,
        found,
        "proposal.appeal-voiced",
        appeal=str(held.pk),
        voice=said.pk,
        member=voice.slug,
        upholds=upholds,
    )
    _follow(actor, held, found)
    return said


@transaction.atomic
def withdraw_appeal(*, actor: Actor, appeal: Appeal) -> Appeal:
    """Take an appeal back; the decision stays, and is not appealed again.

    Raises:
        NotFound: there is no such appeal for this actor.
        NotPermitted: code ``not-a-steward``.
        Conflict: code ``appeal-closed``.
    """
    held, found = _lock_appeal(actor, appeal)
    require_steward(actor, found.member)
    _require_open(held)
    return _close(actor, held, found, AppealState.WITHDRAWN)


def drop_appeals(actor: Actor, proposal: Proposal) -> None:
    """Close the open appeal of a proposal that is taken back. Call it with the proposal's row locked."""
    for held in Appeal.objects.filter(proposal=proposal, state=AppealState.OPEN):
        _close(actor, held, proposal, AppealState.WITHDRAWN)


def _follow(actor: Actor, held: Appeal, proposal: Proposal) -> None:
    verdict = verdict_on(held, proposal)
    if verdict is None:
        return
    _close(actor, held, proposal, verdict)
    if verdict is AppealState.UPHELD:
        reopened = swap_state(
            proposal,
            to=ProposalState.IN_REVIEW,
            table=TRANSITIONS,
            expected=APPEALABLE,
            block_ground="",
            revision=F("revision") + 1,
        )
        assign_reviewers(proposal=reopened, known_first=False)


def _close(actor: Actor, held: Appeal, proposal: Proposal, state: AppealState) -> Appeal:
    closed = swap_state(held, to=state, table=APPEAL_MOVES, decided_at=timezone.now())
    leave_trail(actor, proposal, f"proposal.appeal-{state}", appeal=str(closed.pk), against=closed.against)
    return closed


def _voice_of(actor: Actor, held: Appeal, member: Member | None) -> Member:
    voice = member_spoken_for(actor, member)
    said = spoke_for_decision(held)
    if (
        said.filter(reviewer=actor.key).exists()
        or not entitled_to_judge(held).filter(user=actor.key, member=voice).exists()
    ):
        raise NotPermitted(
            f"You or {voice} spoke for the decision that is appealed.",
            code="spoke-for-decision",
            requirement="INV-7",
            remedy="Members that had no part in it decide.",
        )
    if held.voices.filter(member=voice).exists():
        raise Conflict(f"{voice} has spoken on this appeal.", code="member-has-spoken", requirement="INV-7")
    if held.voices.filter(reviewer=actor.key).exists():
        raise Conflict("You have spoken on it for another member.", code="reviewer-has-spoken")
    return voice


def _lock_appeal(actor: Actor, appeal: Appeal) -> tuple[Appeal, Proposal]:
    """Return the appeal and its proposal, that one's row locked; a missing one looks like a hidden one."""
    held = Appeal.objects.select_related("proposal").filter(pk=appeal.pk).first()
    if held is None:
        raise NotFound("There is no such proposal.")
    found = lock_proposal(actor, held.proposal)
    held.refresh_from_db()
    return held, found


def _require_open(held: Appeal) -> None:
    if held.state != AppealState.OPEN:
        raise Conflict(f"This appeal is {held.get_state_display()}.", code="appeal-closed")
