"""What about nodes missing at the deadline? Members say, one word each; the coordinator obeys (INV-7)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from catalog.members.models import Member
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, Invalid, NotPermitted
from training.messages import advance_soon
from training.rounds.ballots import Ballot, ballot_of, end_ballot, open_ballot, read_ballot
from training.rounds.leaving_out import BY_VOTE, leave_out
from training.rounds.missing import missing_in
from training.rounds.models import Round, StragglerChoice, StragglerVote
from training.rounds.opening import LONGEST_ROUND, abandon_round
from training.rounds.record import record_round_event
from training.voices import person_of, voice_of

__all__ = ["Ballot", "ballot_of", "longest_wait", "missing_in", "vote_on_stragglers"]


@transaction.atomic
def vote_on_stragglers(
    actor: Actor,
    round_: Round,
    choice: StragglerChoice,
    *,
    hours: int = 0,
    note: str = "",
    member: str | None = None,
) -> StragglerVote:
    """Record one maintainer's word, spoken for one member, and do what enough members agree on.

    To go on ends the missing jobs; to wait moves the deadline by the fewest ``hours`` that those who agree
    named, after which the next vote begins; to abandon ends the round. When all have spoken and no choice has
    enough, the vote begins anew.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`; ``recused`` for who belongs to a member whose
            node is missing. Invalid: ``hours-out-of-range``. Conflict: ``ballot-not-open``,
            ``already-voted`` by this person or this member.
    """
    round_ = Round.objects.select_for_update(of=("self",)).select_related("family").get(pk=round_.pk)
    speaker = voice_of(actor, member=member)
    ballot = ballot_of(round_)
    if ballot is None or not ballot.missing:
        raise Conflict("No vote on missing nodes is open in this round.", code="ballot-not-open")
    _check_voice(actor, speaker, ballot)
    _check_hours(round_, choice, hours)
    vote = StragglerVote.objects.create(
        round=round_,
        ballot=ballot.number,
        member=speaker,
        maintainer=person_of(actor),
        choice=choice,
        hours=hours,
        note=note,
    )
    details = {"ballot": ballot.number, "member": speaker.slug, "choice": str(choice), "hours": hours}
    record_round_event(round_, "round.straggler-voted", actor=actor, details=details)
    _count(round_, read_ballot(round_, ballot.missing), choice)
    advance_soon(round_.pk)
    return vote


def longest_wait(round_: Round) -> int:
    """Return how many hours a vote may still move the deadline by."""
    left = round_.opened_at + LONGEST_ROUND - timezone.now()
    return max(int(left / timedelta(hours=1)), 0)


def _check_voice(actor: Actor, speaker: Member, ballot: Ballot) -> None:
    concerned = {each.job.node.member.slug for each in ballot.missing} & actor.members
    if concerned and not ballot.all_may_vote:
        raise NotPermitted(
            f"You belong to {', '.join(sorted(concerned))}, whose node is missing.",
            code="recused",
            requirement="INV-7",
            remedy="Maintainers of other members decide on it.",
        )
    if any(vote.member_id == speaker.pk or vote.maintainer_id == actor.key for vote in ballot.votes):
        raise Conflict("You, or somebody of your member, spoke in this vote already.", code="already-voted")


def _check_hours(round_: Round, choice: StragglerChoice, hours: int) -> None:
    most = longest_wait(round_)
    if choice != StragglerChoice.WAIT and not hours:
        return
    if choice != StragglerChoice.WAIT or not 1 <= hours <= most:
        message = f"Waiting has a number of hours from 1 to {most}, and nothing else has one."
        raise Invalid(message, code="hours-out-of-range", fields={"hours": [message]})


def _count(round_: Round, ballot: Ballot, choice: StragglerChoice) -> None:
    agreeing = [vote for vote in ballot.votes if vote.choice == choice]
    if len(agreeing) >= ballot.needed:
        _obey(round_, ballot, choice, hours=min(vote.hours for vote in agreeing))
    elif not ballot.voices:
        end_ballot(round_, "undecided")
        open_ballot(round_, ballot.missing, code="undecided")


def _obey(round_: Round, ballot: Ballot, choice: StragglerChoice, *, hours: int) -> None:
    end_ballot(round_, str(choice))
    match choice:
        case StragglerChoice.GO_ON:
            leave_out(round_, ballot.missing, code=BY_VOTE)
        case StragglerChoice.WAIT:
            deadline = timezone.now() + timedelta(hours=hours)
            Round.objects.filter(pk=round_.pk).update(deadline=deadline)
            details = {"deadline": deadline.isoformat(), "hours": hours}
            record_round_event(round_, "round.deadline-moved", details=details)
        case StragglerChoice.ABANDON:
            words = ", ".join(each.words for each in ballot.missing)
            cause = f"The members voted to abandon it, because nodes were missing: {words}."
            abandon_round(COORDINATOR, round_, cause, code="abandoned-by-vote")
