"""The history of a proposal as a document that machines read, and check, without asking us."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from catalog.members.models import User
from catalog.review.history import History
from catalog.review.models import Appeal, Assignment, Review, Submission, Thread
from catalog.review.trail import person
from provenance.events.export import DIGEST_OF, line_of
from provenance.signing.canonical import digest

FORMAT: Final = "tapestry-proposal-history-1"


def document_of(history: History) -> dict[str, Any]:
    """Return the history as plain JSON: the events with their digests, and every row that they tell of.

    People stand in it by the identifiers that events have; ``people`` says their names once. The digest of a
    hand-in is sha256 over the canonical JSON (RFC 8785) of its record and files.
    """
    found = history.proposal
    return {
        "type": FORMAT,
        "exported_at": timezone.now().isoformat(),
        "proposal": {
            "id": str(found.pk),
            "slug": found.slug,
            "member": found.member.slug,
            "state": found.state,
            "accepted_for": found.accepted_for,
            "block_ground": found.block_ground,
            "revision": found.revision,
            "dataset": found.dataset.slug if found.dataset else None,
            "created_at": found.created_at.isoformat(),
            "submitted_at": _moment(found.submitted_at),
        },
        "people": {person(one.pk): str(one) for one in _people(history)},
        "digest": DIGEST_OF,
        "events": [line_of(event) for event in history.events],
        "submissions": [_submission(each) for each in history.submissions],
        "reviews": [_review(each) for each in history.reviews],
        "threads": [_thread(each) for each in history.threads],
        "assignments": [_assignment(each) for each in history.assignments],
        "recusals": [
            {"person": person(each.person_id), "reason": each.reason, "at": each.created_at.isoformat()}
            for each in history.recusals
        ],
        "appeals": [_appeal(each) for each in history.appeals],
    }


def _people(history: History) -> list[User]:
    """Return everybody whom a row names, each once; who only saved drafts stands in the events alone."""
    named = {one.pk: one for one in _named(history)}
    return [named[key] for key in sorted(named)]


def _named(history: History) -> Iterator[User]:
    yield from (each.submitted_by for each in history.submissions)
    yield from (each.reviewer for each in history.reviews)
    yield from (each.reviewer for each in history.assignments)
    yield from (each.person for each in history.recusals)
    for thread in history.threads:
        yield from (comment.author for comment in thread.comments.all())
        yield from [thread.resolved_by] if thread.resolved_by else []
    for appeal in history.appeals:
        yield appeal.made_by
        yield from (voice.reviewer for voice in appeal.voices.all())


def _submission(each: Submission) -> dict[str, Any]:
    return {
        "number": each.number,
        "revision": each.revision,
        "submitted_by": person(each.submitted_by_id),
        "submitted_at": each.submitted_at.isoformat(),
        "change_note": each.change_note,
        "answer": each.answer,
        "record": each.record,
        "files": each.files,
        "digest": digest({"record": each.record, "files": each.files}),
    }


def _review(each: Review) -> dict[str, Any]:
    return {
        "revision": each.revision,
        "reviewer": person(each.reviewer_id),
        "member": each.member.slug,
        "capacity": each.capacity,
        "verdict": each.verdict,
        "accepted_for": each.accepted_for,
        "ground": each.ground,
        "reason_codes": each.reason_codes,
        "note": each.note,
        "at": each.created_at.isoformat(),
    }


def _thread(each: Thread) -> dict[str, Any]:
    return {
        "id": str(each.pk),
        "field": each.field,
        "revision": each.revision,
        "requested": each.requested,
        "opened_at": each.created_at.isoformat(),
        "resolved_by": person(each.resolved_by_id) if each.resolved_by_id else None,
        "resolved_at": _moment(each.resolved_at),
        "comments": [
            {
                "id": comment.pk,
                "author": person(comment.author_id),
                "member": comment.member.slug,
                "revision": comment.revision,
                "text": comment.text,
                "at": comment.created_at.isoformat(),
            }
            for comment in each.comments.all()
        ],
    }


def _assignment(each: Assignment) -> dict[str, Any]:
    return {
        "id": each.pk,
        "reviewer": person(each.reviewer_id),
        "member": each.member.slug,
        "state": each.state,
        "assigned_by": person(each.assigned_by_id) if each.assigned_by_id else None,
        "at": each.created_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "ended_at": _moment(each.ended_at),
    }


def _appeal(each: Appeal) -> dict[str, Any]:
    return {
        "id": str(each.pk),
        "against": each.against,
        "revision": each.revision,
        "member": each.member.slug,
        "made_by": person(each.made_by_id),
        "grounds": each.grounds,
        "state": each.state,
        "at": each.created_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "decided_at": _moment(each.decided_at),
        "voices": [
            {
                "reviewer": person(voice.reviewer_id),
                "member": voice.member.slug,
                "upholds": voice.upholds,
                "note": voice.note,
                "at": voice.created_at.isoformat(),
            }
            for voice in each.voices.all()
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
