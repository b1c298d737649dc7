"""The asking member's verbs: ask, ask again, give back."""

import uuid
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from catalog.access.finding import lock_request, newest_visible, require_asker
from catalog.access.models import AccessRequest
from catalog.access.states import RENEWABLE, TRANSITIONS, AccessState
from catalog.access.trail import leave_trail
from catalog.access.wording import why_not
from catalog.datasets.models import Dataset
from catalog.members.models import Member
from catalog.policy import Operation, decide
from catalog.policy.services import record_decision
from catalog.tiers import Purpose
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST: Final = 730  # days; who needs longer renews, so that every grant is looked at again


def request_access(
    *,
    actor: Actor,
    dataset: Dataset,
    member: Member,
    purpose: Purpose,
    project: str,
    scope: str,
    days: int,
    renews: AccessRequest | None = None,
    at: datetime | None = None,
) -> AccessRequest:
    """Ask the owner of an entry, for one's member, for one purpose and a number of days.

    The policy says whether there is something to ask for; its answer is in the log either way.

    Raises:
        NotFound: the actor may not discover the entry.
        NotPermitted: with the policy's first reason, such as ``not-a-member`` or ``no-grant-needed``.
        Invalid: ``days-out-of-range``, or a text is missing or malformed.
        Conflict: code ``already-asked``; the same request waits for an answer.
    """
    words = {"project": _text(project, "project", 200), "scope": _text(scope, "scope", 4000)}
    check_days(days)
    key = uuid.uuid4()
    _ask_policy(actor, dataset, member, purpose, key, at)
    try:
        with transaction.atomic():
            request = AccessRequest.objects.create(
                pk=key,
                dataset=dataset,
                member=member,
                requested_by_id=actor.key,
                purpose=purpose,
                days=days,
                renews=renews,
                **words,
            )
            action = "access.renewal-requested" if renews else "access.requested"
            leave_trail(actor, request, action, note=words["project"])
    except IntegrityError as error:
        if "one_waiting_request_per_purpose" not in str(error):
            raise
        raise Conflict(
            f"{member} has asked for this already, and waits for an answer.",
            code="already-asked",
            remedy="Take the waiting request back to ask in other words.",
        ) from None
    return request


def renew_access(
    *, actor: Actor, request: AccessRequest, days: int, scope: str = "", at: datetime | None = None
) -> AccessRequest:
    """Ask for the same again, in a request of its own that names the one it follows.

    The owner decides on it as on any other; until then the old grant runs to its end.

    Raises:
        NotFound: there is no such request for this actor.
        NotPermitted: code ``not-of-the-asking-member``, or as ``request_access``.
        Conflict: codes ``not-renewable`` or ``already-asked``.
        Invalid: as ``request_access``.
    """
    found = AccessRequest.objects.visible_to(actor).select_related("dataset__member", "member")
    old = found.filter(pk=request.pk).first()
    if old is None:
        raise NotFound("There is no such request.")
    require_asker(actor, old)
    if old.state not in RENEWABLE:
        raise Conflict(
            f"This request is {old.get_state_display()}; there is nothing to renew.",
            code="not-renewable",
            remedy="Ask anew.",
        )
    return request_access(
        actor=actor,
        dataset=old.dataset,
        member=old.member,
        purpose=Purpose(old.purpose),
        project=old.project,
        scope=scope or old.scope,
        days=days,
        renews=old,
        at=at,
    )


@transaction.atomic
def withdraw_request(*, actor: Actor, request: AccessRequest, note: str = "") -> AccessRequest:
    """Take a waiting request back, or give a grant back before its end.

    Raises:
        NotFound: there is no such request for this actor.
        NotPermitted: code ``not-of-the-asking-member``.
        Conflict: code ``state-changed``.
        Invalid: code ``text-malformed``.
    """
    note = plain_text(note, field="note", longest=4000)
    found = lock_request(actor, request)
    require_asker(actor, found)
    withdrawn = swap_state(found, to=AccessState.WITHDRAWN, table=TRANSITIONS)
    leave_trail(actor, withdrawn, "access.withdrawn", note=note)
    return withdrawn


def check_days(days: int) -> None:
    """Refuse a length that no grant can have.

    Raises:
        Invalid: code ``days-out-of-range``.
    """
    if not 1 <= days <= LONGEST:
        message = f"Give a number of days from 1 to {LONGEST}."
        raise Invalid(message, code="days-out-of-range", fields={"days": [message]})


def _text(text: str, field: str, longest: int) -> str:
    kept = plain_text(text, field=field, longest=longest)
    if not kept:
        message = "Write what the owner has to know to decide."
        raise Invalid(message, code="text-missing", fields={field: [message]})
    return kept


def _ask_policy(
    actor: Actor, dataset: Dataset, member: Member, purpose: Purpose, key: uuid.UUID, at: datetime | None
) -> None:
    """Record the decision in a transaction of its own, so that a refusal stays in the log as well."""
    decision = decide(
        actor=actor,
        operation=Operation.REQUEST_ACCESS,
        version_or_facts=newest_visible(actor, dataset),
        purpose=purpose,
        party=member.slug,
        at=at,
    )
    with transaction.atomic():
        record_decision(actor=actor, decision=decision, approval=f"access:{key}")
    if not decision.allowed:
        raise NotPermitted(
            why_not(decision.reason_codes[0]),
            code=decision.reason_codes[0],
            requirement="DM:9",
            remedy="The entry's page says what is permitted without asking.",
        )
