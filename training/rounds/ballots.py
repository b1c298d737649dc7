"""The vote on nodes that a deadline found missing: who may speak, who has, and when it opens and ends."""

from dataclasses import dataclass
from typing import Final

from catalog.governance.voices import members_with_a_voice
from catalog.members.models import Member
from training.rounds.missing import Missing, missing_in
from training.rounds.models import Round, StragglerVote
from training.rounds.record import record_round_event
from training.rounds.verdicts import Wait

LEFT_OUT_AT_DEADLINE: Final = 1  # of the rule `round.stragglers`; also of rounds from before there was one
QUORUM_OF_BEFORE: Final = 2


@dataclass(frozen=True, slots=True)
class Ballot:
    """An open vote: ``needed`` equal words decide; ``voices`` are the members that have not spoken yet.

    Members whose own node is missing have no word, unless the others are too few to decide: ``all_may_vote``.
    """

    number: int
    votes: list[StragglerVote]
    needed: int
    voices: list[Member]
    missing: list[Missing]
    all_may_vote: bool


def are_voted_on(round_: Round) -> bool:
    """Tell whether the rule that the round opened under asks the members about stragglers."""
    return bool(round_.rules.get("round.stragglers", LEFT_OUT_AT_DEADLINE) != LEFT_OUT_AT_DEADLINE)


def ballot_of(round_: Round) -> Ballot | None:
    """Return the vote on the round's stragglers; None when none is open."""
    return read_ballot(round_, missing_in(round_)) if round_.ballot_open else None


def await_ballot(round_: Round, missing: list[Missing]) -> Wait:
    """Open a vote unless one is open, and say who may speak."""
    if not round_.ballot_open:
        open_ballot(round_, missing)
    ballot = read_ballot(round_, missing)
    words = f"Missing after the deadline: {', '.join(each.words for each in missing)}."
    if not ballot.voices and not ballot.votes:
        return Wait("stragglers-no-voice", f"{words} No member has a maintainer who could vote.")
    code = "stragglers-vote-of-all" if ballot.all_may_vote else "stragglers-vote"
    names = ", ".join(member.name for member in ballot.voices)
    return Wait(code, f"Vote of {names}, {ballot.needed} of one mind. {words}")


def close_ballot(round_: Round) -> None:
    """End a vote whose question has gone: nobody is missing any more."""
    if round_.ballot_open:
        end_ballot(round_, "nobody-missing")


def read_ballot(round_: Round, missing: list[Missing]) -> Ballot:
    """Return the round's vote as it stands, about the nodes that are missing now."""
    votes = list(round_.straggler_votes.filter(ballot=round_.ballot).select_related("member", "maintainer"))
    every = list(members_with_a_voice().order_by("name"))
    concerned = {each.job.node.member_id for each in missing}
    others = [member for member in every if member.pk not in concerned]
    quorum = int(round_.rules.get("round.straggler_quorum", QUORUM_OF_BEFORE))
    all_may_vote = len(others) < quorum
    voices = every if all_may_vote else others
    spoken = {vote.member_id for vote in votes}
    return Ballot(
        number=round_.ballot,
        votes=votes,
        needed=max(min(quorum, len(voices)), 1),
        voices=[member for member in voices if member.pk not in spoken],
        missing=missing,
        all_may_vote=all_may_vote,
    )


def open_ballot(round_: Round, missing: list[Missing], *, code: str = "deadline-passed") -> None:
    """Begin the next vote, with where each of the missing stands. The caller has locked the round."""
    round_.ballot, round_.ballot_open = round_.ballot + 1, True
    Round.objects.filter(pk=round_.pk).update(ballot=round_.ballot, ballot_open=True)
    stood = [
        {"node": each.job.node.slug, "job": str(each.job.pk), "code": each.code, "cause": each.words}
        for each in missing
    ]
    details = {"ballot": round_.ballot, "missing": stood}
    record_round_event(round_, "round.ballot-opened", reason_codes=[code], details=details)


def end_ballot(round_: Round, code: str) -> None:
    """End the vote that is open, and say by what. The caller has locked the round."""
    round_.ballot_open = False
    Round.objects.filter(pk=round_.pk).update(ballot_open=False)
    details = {"ballot": round_.ballot}
    record_round_event(round_, "round.ballot-closed", reason_codes=[code], details=details)
