"""How a rollback is proposed, and taken back before it is decided."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from catalog.governance.reading import values_in_force
from catalog.members.models import Member, Role
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.states import swap_state
from provenance.text import plain_text
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.families.head import head_of
from training.families.models import ModelFamily
from training.rollbacks.models import Level, Rollback
from training.rollbacks.reasons import Reason
from training.rollbacks.record import record_rollback_event
from training.rollbacks.removal import plan_removal
from training.rollbacks.speaking import count_voices, say
from training.rollbacks.states import ENDED, TRANSITIONS, RollbackState
from training.rollbacks.voices import electorate, recused_from
from training.voices import person_of


@transaction.atomic
def propose_rollback(
    actor: Actor,
    family: ModelFamily,
    contributions: Collection[Contribution],
    *,
    level: Level,
    reason_code: str,
    grounds: str,
    member: str | None = None,
) -> Rollback:
    """Propose to take merged contributions out of a family's bases; the members' vote decides.

    Any maintainer may, and a steward of the member whose contribution it is: that it withdraws its consent is
    its right. A proposer who has a word says yes with it.

    Raises:
        NotPermitted: ``not-a-proposer``. Conflict: ``rollback-open``, ``not-in-base``, ``too-few-voices``.
        Invalid: ``contributions-missing``, ``not-merged``, ``other-family``, ``reason-unknown``,
            ``grounds-missing``, ``text-malformed``, ``member-ambiguous``.
    """
    named = sorted(contributions, key=lambda each: each.digest)
    recused = recused_from(named)
    proposer = _proposer(actor, recused, member)
    grounds = _checked(family, named, reason_code, grounds)
    ModelFamily.objects.select_for_update().get(pk=family.pk)
    _refuse_second(family)
    head = head_of(family)
    plan_removal(head, named, level)
    quorum = values_in_force()["contribution.quorum"]
    _refuse_without_quorum(recused, quorum)
    rollback = Rollback.objects.create(
        family=family,
        level=level,
        grounds=grounds,
        reason_code=reason_code,
        member=proposer,
        proposed_by=person_of(actor),
        quorum=quorum,
        head=head,
    )
    rollback.contributions.set(named)
    record_rollback_event(
        rollback,
        "rollback.proposed",
        actor=actor,
        reason_codes=[reason_code],
        parents=[head.digest, *(each.digest for each in named)],
        details={"quorum": quorum},
    )
    if actor.has_role(Role.MAINTAINER, member=proposer.slug) and not _is_recused(actor, recused):
        say(actor, rollback, proposer, agrees=True)
        count_voices(rollback)
    return rollback


@transaction.atomic
def take_back_rollback(actor: Actor, rollback: Rollback) -> Rollback:
    """End a rollback that is not decided, or failed: its proposer's word, or a maintainer's of that member.

    Raises:
        NotPermitted: ``not-the-proposer``. Conflict: ``state-changed``.
    """
    rollback = (
        Rollback.objects.select_for_update(of=("self",))
        .select_related("family", "member")
        .get(pk=rollback.pk)
    )
    if not may_take_back(actor, rollback):
        raise NotPermitted(
            "Its proposer takes it back, or a maintainer of that member.", code="not-the-proposer"
        )
    swap_state(rollback, to=RollbackState.TAKEN_BACK, table=TRANSITIONS, ended_at=timezone.now())
    record_rollback_event(rollback, "rollback.taken-back", actor=actor)
    return rollback


def may_propose(actor: Actor, contributions: Collection[Contribution]) -> bool:
    """Tell whether the actor may propose to take these out."""
    stewards = actor.members_with(Role.STEWARD)
    own = {each.job.node.member.slug for each in contributions}
    return actor.kind is ActorKind.PERSON and bool(actor.has_role(Role.MAINTAINER) or own & stewards)


def may_take_back(actor: Actor, rollback: Rollback) -> bool:
    """Tell whether the actor may take the proposal back."""
    if actor.kind is not ActorKind.PERSON:
        return False
    proposed = actor.key == rollback.proposed_by_id and rollback.member.slug in actor.members
    return proposed or actor.has_role(Role.MAINTAINER, member=rollback.member.slug)


def _proposer(actor: Actor, recused: Collection[Member], member: str | None) -> Member:
    """Return the member for which the actor proposes: the contributing one first, where they may."""
    person = actor.kind is ActorKind.PERSON
    maintained = actor.members_with(Role.MAINTAINER) if person else frozenset()
    own = {each.slug for each in recused}
    stewarded = own & actor.members_with(Role.STEWARD) if person else frozenset()
    held = (maintained | stewarded) if member is None else (maintained | stewarded) & {member}
    if not held:
        raise NotPermitted(
            "A maintainer proposes this, or a data steward of the member whose contribution it is.",
            code="not-a-proposer",
            requirement="INV-7",
            remedy="Ask a maintainer of your member.",
        )
    held = held & own or held
    if len(held) > 1:
        message = f"You may speak for several members: {', '.join(sorted(held))}."
        raise Invalid(message, code="member-ambiguous", fields={"member": [message]})
    return Member.objects.get(slug=min(held))


def _checked(family: ModelFamily, named: list[Contribution], reason_code: str, grounds: str) -> str:
    """Return the grounds as they are kept, if everything that was entered may stand."""
    if not named:
        message = "Name at least one contribution."
        raise Invalid(message, code="contributions-missing", fields={"contributions": [message]})
    if any(each.round.family_id != family.pk for each in named):
        message = f"All of them are contributions to {family.slug}."
        raise Invalid(message, code="other-family", fields={"contributions": [message]})
    if any(each.state != ContributionState.MERGED for each in named):
        message = "Only what was merged can be taken out."
        raise Invalid(message, code="not-merged", fields={"contributions": [message]})
    if reason_code not in Reason.values:
        message = f"One of {', '.join(Reason.values)}."
        raise Invalid(message, code="reason-unknown", fields={"reason_code": [message]})
    kept = plain_text(grounds, field="grounds", longest=4000)
    if not kept:
        raise Invalid(
            "Say why.", code="grounds-missing", fields={"grounds": ["is needed: the members decide on it"]}
        )
    return kept


def _refuse_second(family: ModelFamily) -> None:
    running = Rollback.objects.filter(family=family).exclude(state__in=ENDED).first()
    if running is not None:
        raise Conflict(
            f"A {running} is {running.state}.",
            code="rollback-open",
            remedy=f"One at a time: see {running.get_absolute_url()}",
        )


def _refuse_without_quorum(recused: Collection[Member], quorum: int) -> None:
    if len(electorate(recused)) < quorum:
        raise Conflict(
            f"{quorum} members have to agree whose own contribution it is not, and fewer have a maintainer.",
            code="too-few-voices",
            requirement="INV-7",
            remedy="Propose what fewer members brought in, or have another member give somebody the role.",
        )


def _is_recused(actor: Actor, recused: Collection[Member]) -> bool:
    return bool({member.slug for member in recused} & actor.members)
