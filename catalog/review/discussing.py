"""Talking about a proposal before voting on it: threads at single fields, and what was said in them."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from catalog.datasets.record import DatasetRecord
from catalog.members.models import Member, Role
from catalog.proposals.access import lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState
from catalog.review.models import Comment, Thread
from catalog.review.trail import leave_trail
from catalog.review.voices import require_capacity
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.text import plain_text, required_text

LONGEST_TEXT: Final = 4000
LONGEST_FIELD: Final = 120
TALKED_ABOUT: Final = frozenset({*DatasetRecord.model_fields, "files", "change_note"})
OPEN_FOR_TALK: Final = (
    ProposalState.SUBMITTED,
    ProposalState.IN_REVIEW,
    ProposalState.CHANGES_REQUESTED,
    ProposalState.REJECTED,
    ProposalState.BLOCKED,
)


@transaction.atomic
def open_thread(
    *, actor: Actor, proposal: Proposal, field: str, text: str, requested: bool = False
) -> Thread:
    """Ask or say something about one field, or about all of it where ``field`` is empty.

    ``field`` is a dotted path of the record, as findings have it, or of ``files`` or ``change_note``. Only
    who may review can mark it as ``requested``: to be answered before the next hand-in.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-in-the-talk``, or ``not-a-maintainer`` and ``recused`` of a request.
        Conflict: code ``talk-is-over``.
        Invalid: codes ``field-unknown``, ``text-missing`` or ``text-malformed``.
    """
    field = plain_text(field, field="field", longest=LONGEST_FIELD)
    text = _words(text)
    if field and field.partition(".")[0] not in TALKED_ABOUT:
        message = "A proposal has no such field."
        raise Invalid(message, code="field-unknown", fields={"field": [message]})
    found = lock_proposal(actor, proposal)
    member = _require_voice(actor, found)
    if requested:
        require_capacity(actor, found)
    thread = Thread.objects.create(
        proposal=found, field=field, revision=found.revision, requested=requested, opened_by_id=actor.key
    )
    comment = _say(actor, found, thread, member, text)
    leave_trail(
        actor,
        found,
        "proposal.thread-opened",
        thread=str(thread.pk),
        comment=comment.pk,
        field=field,
        requested=requested,
    )
    return thread


@transaction.atomic
def reply(*, actor: Actor, thread: Thread, text: str) -> Comment:
    """Say something in a thread; one that was resolved stays so until somebody reopens it.

    Raises:
        NotFound: there is no such thread for this actor.
        NotPermitted: code ``not-in-the-talk``.
        Conflict: code ``talk-is-over``.
        Invalid: codes ``text-missing`` or ``text-malformed``.
    """
    text = _words(text)
    held, found = _lock_thread(actor, thread)
    comment = _say(actor, found, held, _require_voice(actor, found), text)
    _log(actor, found, held, "proposal.thread-answered", comment=comment.pk)
    return comment


@transaction.atomic
def resolve(*, actor: Actor, thread: Thread) -> Thread:
    """Close a thread. Whoever talks may: it is seen who did, and anybody of them can reopen it.

    Raises:
        NotFound, NotPermitted: as ``reply``.
        Conflict: codes ``talk-is-over`` or ``already-resolved``.
    """
    held, found = _lock_thread(actor, thread)
    _require_voice(actor, found)
    standing = Thread.objects.filter(pk=held.pk, resolved_at__isnull=True)
    if not standing.update(resolved_by_id=actor.key, resolved_at=timezone.now()):
        raise Conflict("Somebody resolved this thread before.", code="already-resolved")
    _log(actor, found, held, "proposal.thread-resolved")
    held.refresh_from_db()
    return held


@transaction.atomic
def reopen(*, actor: Actor, thread: Thread) -> Thread:
    """Take a thread up again that was resolved.

    Raises:
        NotFound, NotPermitted: as ``reply``.
        Conflict: codes ``talk-is-over`` or ``not-resolved``.
    """
    held, found = _lock_thread(actor, thread)
    _require_voice(actor, found)
    standing = Thread.objects.filter(pk=held.pk, resolved_at__isnull=False)
    if not standing.update(resolved_by=None, resolved_at=None):
        raise Conflict("This thread is open.", code="not-resolved")
    _log(actor, found, held, "proposal.thread-reopened")
    held.refresh_from_db()
    return held


def speaks_for(actor: Actor, proposal: Proposal) -> str:
    """Return the slug of the member for which the actor talks; empty for who only reads.

    The proposer's stewards talk, and all maintainers and community reviewers, recused or not: they may know
    what others should hear.
    """
    if actor.kind is not ActorKind.PERSON:
        return ""
    if actor.has_role(Role.STEWARD, member=proposal.member.slug):
        return proposal.member.slug
    return min(actor.members_with(Role.MAINTAINER) or actor.members_with(Role.COMMUNITY), default="")


def _require_voice(actor: Actor, proposal: Proposal) -> Member:
    slug = speaks_for(actor, proposal)
    if not slug:
        raise NotPermitted(
            f"Stewards of {proposal.member} and reviewers talk about a proposal; other people read it.",
            code="not-in-the-talk",
        )
    if proposal.state not in OPEN_FOR_TALK or proposal.record.get("tier") == "private":
        raise Conflict(
            f"This proposal is {proposal.get_state_display()}; it is not talked about.", code="talk-is-over"
        )
    return Member.objects.get(slug=slug)


def _lock_thread(actor: Actor, thread: Thread) -> tuple[Thread, Proposal]:
    """Return the thread with its proposal, that one's row locked; a missing one looks like a hidden one."""
    held = Thread.objects.select_related("proposal").filter(pk=thread.pk).first()
    if held is None:
        raise NotFound("There is no such proposal.")
    found = lock_proposal(actor, held.proposal)
    if not Thread.objects.filter(pk=held.pk).exists():  # forgotten while we waited for the row
        raise NotFound("There is no such proposal.")
    return held, found


def _say(actor: Actor, proposal: Proposal, thread: Thread, member: Member, text: str) -> Comment:
    return Comment.objects.create(
        thread=thread, author_id=actor.key, member=member, revision=proposal.revision, text=text
    )


def _words(text: str) -> str:
    return required_text(
        text, field="text", longest=LONGEST_TEXT, message="Write something.", code="text-missing"
    )


def _log(actor: Actor, proposal: Proposal, thread: Thread, action: str, **details: Any) -> None:
    leave_trail(actor, proposal, action, thread=str(thread.pk), field=thread.field, **details)
