"""The members' words on a rollback, and what they decide (INV-7)."""

from django.db import transaction
from django.db.models import Q

from catalog.members.models import Member
from provenance.actors import Actor
from provenance.errors import Conflict
from provenance.text import plain_text
from training.rollbacks.deciding import begin_replay, refuse_rollback
from training.rollbacks.models import Rollback, RollbackVoice
from training.rollbacks.record import record_rollback_event
from training.rollbacks.states import RollbackState
from training.rollbacks.voices import speaker_for, tally_of
from training.voices import person_of


@transaction.atomic
def speak_on_rollback(
    actor: Actor, rollback: Rollback, *, agrees: bool, note: str = "", member: str | None = None
) -> RollbackVoice:
    """Record one maintainer's word, spoken for one member, and count.

    The quorum of equal words decides; where it can not be reached any more, the rollback is refused.

    Raises:
        NotPermitted, Invalid: see `training.voices.voice_of`; whose contribution it is, is ``recused``.
        Conflict: ``rollback-not-open``; ``already-spoken`` by this person or this member;
            ``not-in-base``, when the vote would carry what is in the newest base no more.
    """
    rows = Rollback.objects.select_for_update(of=("self",)).select_related("family", "head__family")
    rollback = rows.get(pk=rollback.pk)
    recused = tally_of(rollback).recused
    speaker = speaker_for(actor, recused, member)
    if rollback.state != RollbackState.PROPOSED:
        raise Conflict(f"This rollback is {rollback.state}.", code="rollback-not-open")
    if rollback.voices.filter(Q(member=speaker) | Q(maintainer_id=actor.key)).exists():
        raise Conflict("You, or somebody of your member, spoke on this already.", code="already-spoken")
    voice = say(actor, rollback, speaker, agrees=agrees, note=plain_text(note, field="note", longest=4000))
    count_voices(rollback)
    return voice


def say(actor: Actor, rollback: Rollback, speaker: Member, *, agrees: bool, note: str = "") -> RollbackVoice:
    """Keep one word and tell the log. The caller has locked the rollback and checked who speaks."""
    voice = RollbackVoice.objects.create(
        rollback=rollback, member=speaker, maintainer=person_of(actor), agrees=agrees, note=note
    )
    word = "for" if agrees else "against"
    record_rollback_event(rollback, f"rollback.{word}-voted", actor=actor, details={"member": speaker.slug})
    return voice


def count_voices(rollback: Rollback) -> None:
    """Let the rollback begin, or be refused, where the words suffice. The caller has locked it."""
    tally = tally_of(rollback)
    if tally.is_carried:
        begin_replay(rollback)
    elif tally.is_lost:
        refuse_rollback(rollback)
