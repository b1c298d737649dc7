"""`/access/<id>/`: who asked for what, where does it stand, and who may do what next?"""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.access.finding import may_decide
from catalog.access.models import AccessRequest
from catalog.access.reading import visible_to
from catalog.access.states import RENEWABLE, TRANSITIONS, AccessState
from catalog.access.wording import PURPOSES, REFUSALS, standing_of
from catalog.members.actors import actor_of
from catalog.pages.access.forms import DecideForm, RenewForm
from catalog.pages.stories import tell
from provenance.actors import Actor, member_audience
from provenance.events.reading import EventFilter, recent


@login_required
@require_safe
def show_request(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show a request to people of its two members; to all others it looks missing (INV-6)."""
    actor, found = request_for(request, key)
    return render(request, "pages/access/request.html", page_of(actor, found))


def request_for(request: HttpRequest, key: uuid.UUID) -> tuple[Actor, AccessRequest]:
    """Return who asks and the request; Http404 for what is missing and what is hidden."""
    actor = actor_of(request.user)
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise Http404
    return actor, found


def page_of(
    actor: Actor,
    request: AccessRequest,
    *,
    decision: DecideForm | None = None,
    renewal: RenewForm | None = None,
) -> dict[str, Any]:
    """Return what the page shows; the forms are those that were refused."""
    decides, asks = may_decide(actor, request), request.member.slug in actor.members
    waits, words = request.state == AccessState.SUBMITTED, dict(REFUSALS)
    return {
        "asked": request,
        "purpose": PURPOSES[request.purpose],
        "standing": standing_of(request, decides=decides),
        "reasons": [words.get(code, code) for code in request.reason_codes],
        "decision": (decision or decision_on(request)) if decides and waits else None,
        "renewal": (renewal or RenewForm()) if asks and request.state in RENEWABLE else None,
        "revokes": decides and request.state == AccessState.GRANTED,
        "withdraws": asks and AccessState.WITHDRAWN in TRANSITIONS[request.state],
        "events": tell(_story(actor, request), reader=actor),
    }


def decision_on(request: AccessRequest, sent: QueryDict | None = None) -> DecideForm:
    """Return the form of the owner's answer, with what was sent."""
    renewal = request.renews_id is not None
    return DecideForm(sent, renewal=renewal, initial={"days": request.days})


def _story(actor: Actor, request: AccessRequest) -> Any:
    """Each step is in the log once for each member; who belongs to both reads it once."""
    owner = request.dataset.member.slug
    slug = owner if owner in actor.members else request.member.slug
    about = EventFilter(subject=f"access:{request.pk}")
    return recent(frozenset({member_audience(slug)}), about).order_by("id")
