"""Saving some answers of a draft on top of what others saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from catalog.proposals.access import lock_for_editing
from catalog.proposals.checks import tier_of
from catalog.proposals.drafting import save_draft
from catalog.proposals.merging import Choice, Clash, Path, Shown, merge
from catalog.proposals.models import Proposal
from catalog.tiers import Tier
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft as it stands now, and the answers that are not saved because others changed them too."""

    proposal: Proposal
    clashes: tuple[Clash, ...]


@transaction.atomic
def save_answers(
    *,
    actor: Actor,
    proposal: Proposal,
    answers: Mapping[str, Any],
    base: Shown,
    revision: int,
    choices: Mapping[Path, Choice] | None = None,
) -> Saved:
    """Save ``answers``, fields of the record with None for what is not answered, and leave all others alone.

    ``base`` tells what the caller was shown of these fields, as of ``merging.shown``; ``revision`` when. What
    others saved since stays where the caller changed nothing; where both changed, theirs stays and a clash
    says so, unless ``choices`` settle it. Nothing is written when nothing is new.

    Raises:
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
        Conflict: code ``revision-stale``, only for a draft that would become private, which forgets answers.
        Invalid: as ``save_draft``.
    """
    locked = lock_for_editing(actor, proposal)
    saved = {name: value for name, value in locked.record.items() if name in answers}
    others = {name: value for name, value in locked.record.items() if name not in answers}
    merged = merge(base, saved, answers, choices)
    record = {**others, **merged.record}
    if record == locked.record:
        return Saved(locked, merged.clashes)
    becomes_private = tier_of(record) is Tier.PRIVATE and tier_of(locked.record) is not Tier.PRIVATE
    expected = revision if becomes_private else locked.revision
    written = save_draft(actor=actor, proposal=locked, record=record, expected_revision=expected)
    return Saved(written, merged.clashes)
