"""Maintainers of different members decide on a weight update; the coordinator counts and obeys (INV-7)."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from provenance.actors import Actor
from provenance.errors import Conflict
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Statement
from provenance.signing.statements import PREDICATE_DECISION, Subject
from provenance.states import swap_state
from training.contributions.models import Contribution, Decision, DecisionVerdict
from training.contributions.statement import SUBJECT_NAME
from training.contributions.states import TRANSITIONS, ContributionState
from training.messages import advance_soon
from training.rounds.states import RoundState
from training.statements import attest
from training.voices import person_of, voice_of, voices_besides

RESULT = {
    DecisionVerdict.ACCEPT: ContributionState.ACCEPTED,
    DecisionVerdict.REJECT: ContributionState.REJECTED,
}


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

    The round's quorum of equal words, each from another member, decides: as many are needed to reject as to
    accept, so that no single member shuts another one out. Nobody of the contributing member has a word, and
    a person has one, however many members they are a maintainer of.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`.
        Conflict: ``contribution-not-open``, outside the round's review; ``already-decided`` by this person
            or this member.
    """
    contribution = _locked(contribution)
    speaker = voice_of(actor, recused=contribution.job.node.member.slug, member=member)
    if contribution.state != ContributionState.ADMITTED or contribution.round.state != RoundState.REVIEWING:
        raise Conflict(
            f"This contribution is {contribution.state}, and its round {contribution.round.state}.",
            code="contribution-not-open",
            remedy="Decisions are made when the candidate was measured.",
        )
    if contribution.decisions.filter(Q(member=speaker) | Q(maintainer_id=actor.key)).exists():
        raise Conflict("You, or somebody of your member, decided on this already.", code="already-decided")
    decision = Decision(
        contribution=contribution,
        maintainer=person_of(actor),
        member=speaker,
        verdict=verdict,
        reason_codes=list(reason_codes),
        note=note,
    )
    decision.statement = _attest_decision(actor, decision)
    decision.save(force_insert=True)
    _record(actor, contribution, f"contribution.{verdict}-voted", reason_codes, decision.statement.digest)
    _count(actor, contribution, verdict)
    advance_soon(contribution.round_id)
    return decision


def missing_decisions(contribution: Contribution) -> list[str]:
    """Say in words what still has to happen before this contribution is decided; empty when it is."""
    if contribution.state == ContributionState.COMMITTED:
        return ["its bytes have to come in"]
    if contribution.state == ContributionState.RECEIVED:
        return ["the admission check has to finish"]
    if contribution.state != ContributionState.ADMITTED or contribution.round.ended:
        return []
    if contribution.round.state != RoundState.REVIEWING:
        return ["the round has to collect and to measure its candidate"]
    spoken = list(contribution.decisions.select_related("member"))
    accepts = sum(decision.verdict == DecisionVerdict.ACCEPT for decision in spoken)
    left = voices_besides(contribution.job.node.member.slug, *(decision.member.slug for decision in spoken))
    need = contribution.round.quorum - accepts
    words = f"{need} more {'member has' if need == 1 else 'members have'} to accept"
    if not left:
        return [f"{words}, and no other member has a maintainer: give one the role, or abandon the round"]
    return [f"{words}; maintainers of {', '.join(left)} may decide"]


def _locked(contribution: Contribution) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self",))
    return rows.select_related("round__family", "job__node__member").get(pk=contribution.pk)


def _count(actor: Actor, contribution: Contribution, verdict: DecisionVerdict) -> None:
    agreeing = contribution.decisions.filter(verdict=verdict).count()
    if agreeing >= contribution.round.quorum:
        swap_state(
            contribution, to=RESULT[verdict], table=TRANSITIONS, expected=(ContributionState.ADMITTED,)
        )
        _record(actor, contribution, f"contribution.{contribution.state}")


def _attest_decision(actor: Actor, decision: Decision) -> Statement:
    """Sign, as the coordinator, who said what for whom (in the manner of a SLSA verification summary)."""
    contribution = decision.contribution
    return attest(
        subjects=[Subject(SUBJECT_NAME, contribution.weights_sha256)],
        predicate_type=PREDICATE_DECISION,
        predicate={
            "contribution": contribution.digest,
            "round": str(contribution.round),
            "verdict": str(decision.verdict),
            "reasonCodes": decision.reason_codes,
            "note": decision.note,
            "maintainer": actor.identifier,
            "maintainerName": actor.label,
            "member": decision.member.slug,
        },
    )


def _record(
    actor: Actor, contribution: Contribution, action: str, codes: Sequence[str] = (), approval: str = ""
) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"contribution:{contribution.digest}",
        reason_codes=codes,
        evidence=Evidence(artifact=contribution.digest, job=contribution.job_id, approval=approval),
    )
