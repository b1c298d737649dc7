"""Maintainers of different members decide on a weight update; the coordinator counts and obeys (INV-7)."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Q

from catalog.members.models import Member
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict
from provenance.lineage.models import Statement
from provenance.signing.statements import PREDICATE_DECISION, Subject
from provenance.states import swap_state
from provenance.text import plain_text
from training.contributions.access import lock_contribution
from training.contributions.models import Contribution, Decision, DecisionVerdict
from training.contributions.reasons import require_reasons
from training.contributions.statement import SUBJECT_NAME
from training.contributions.states import TRANSITIONS, ContributionState
from training.contributions.tally import tally_of, words_on
from training.contributions.trail import leave_trail
from training.messages import advance_soon
from training.rounds.states import RoundState
from training.statements import attest
from training.voices import person_of, voice_of

LONGEST_NOTE: Final = 4000  # characters, as the column holds them


@transaction.atomic
def decide_contribution(
    actor: Actor,
    contribution: Contribution,
    verdict: DecisionVerdict,
    note: str = "",
    reason_codes: Sequence[str] = (),
    member: str | None = None,
) -> Decision:
    """Record one maintainer's word, spoken for one member, and count.

    The round's quorum of equal words, each from another member, decides: as many are needed to reject or to
    put into quarantine as to accept, so that no single member shuts another one out. Where all have spoken
    without a quorum, see `training.contributions.tally`. Nobody of the contributing member has a word, and a
    person has one, however many members they are a maintainer of.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of` and `training.contributions.reasons`;
            ``text-malformed``.
        Conflict: ``contribution-not-open``, outside the round's review; ``already-decided`` by this person
            or this member.
    """
    contribution = lock_contribution(contribution)
    speaker = voice_of(actor, recused=contribution.job.node.member.slug, member=member)
    note = plain_text(note, field="note", longest=LONGEST_NOTE)
    codes = require_reasons(verdict, reason_codes, note)
    if contribution.state != ContributionState.ADMITTED or contribution.round.state != RoundState.REVIEWING:
        raise Conflict(
            f"This contribution is {contribution.state}, and its round {contribution.round.state}.",
            code="contribution-not-open",
            remedy="Decisions are made when the candidate was measured.",
        )
    _require_unspoken(actor, contribution, speaker)
    decision = Decision(
        contribution=contribution,
        maintainer=person_of(actor),
        member=speaker,
        turn=contribution.turn,
        verdict=verdict,
        reason_codes=codes,
        note=note,
    )
    decision.statement = _attest_decision(actor, decision)
    decision.save(force_insert=True)
    leave_trail(
        actor, contribution, f"contribution.{verdict}-voted", codes, approval=decision.statement.digest
    )
    _follow(actor, contribution)
    advance_soon(contribution.round_id)
    return decision


@transaction.atomic
def settle_decisions(contribution: Contribution) -> bool:
    """Let the words that were said decide, where nobody is left to say more; tell whether they did.

    A maintainer may have gone since somebody last spoke. The coordinator adds no word of its own (INV-7).
    """
    contribution = lock_contribution(contribution)
    under_way = contribution.state == ContributionState.ADMITTED
    return (
        under_way
        and contribution.round.state == RoundState.REVIEWING
        and words_on(contribution).exists()
        and _follow(COORDINATOR, contribution)
    )


def _require_unspoken(actor: Actor, contribution: Contribution, speaker: Member) -> None:
    if words_on(contribution).filter(Q(member=speaker) | Q(maintainer_id=actor.key)).exists():
        raise Conflict(
            "You, or somebody of your member, decided on this already.",
            code="already-decided",
            requirement="INV-7",
        )


def _follow(actor: Actor, contribution: Contribution) -> bool:
    outcome = tally_of(contribution).outcome
    if outcome is None:
        return False
    swap_state(contribution, to=outcome, table=TRANSITIONS, expected=(ContributionState.ADMITTED,))
    leave_trail(actor, contribution, f"contribution.{outcome}")
    return True


def _attest_decision(actor: Actor, decision: Decision) -> Statement:
    """Sign, as the coordinator, who said what for whom (in the manner of a SLSA verification summary)."""
    contribution = decision.contribution
    return attest(
        subjects=[Subject(SUBJECT_NAME, contribution.weights_sha256)],
        predicate_type=PREDICATE_DECISION,
        predicate={
            "contribution": contribution.digest,
            "round": str(contribution.round),
            "turn": decision.turn,
            "verdict": str(decision.verdict),
            "reasonCodes": decision.reason_codes,
            "note": decision.note,
            "maintainer": actor.identifier,
            "maintainerName": actor.label,
            "member": decision.member.slug,
        },
    )
