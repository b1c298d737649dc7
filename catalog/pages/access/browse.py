"""`/access/`: what did we ask for, what do we have to decide, and what have we given?"""

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.access.models import AccessRequest
from catalog.access.reading import visible_to
from catalog.access.states import AccessState
from catalog.members.actors import actor_of
from provenance.actors import Actor

PAGE: Final = 25
LABELS: Final[dict[str, str | Promise]] = {
    "asked": _("Asked by us"),
    "waiting": _("For us to decide"),
    "decided": _("Decided by us"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One list with the number of its requests; ``here`` when it is the one that is shown."""

    name: str
    label: str | Promise
    count: int
    here: bool


@login_required
@require_safe
def browse_requests(request: HttpRequest) -> HttpResponse:
    """List the requests of one tab; the first that has some, where none is chosen."""
    actor = actor_of(request.user)
    kept = _filters(actor)
    counts = AccessRequest.objects.visible_to(actor).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in kept.items()}
    )
    chosen = request.GET.get("list", "")
    if chosen not in kept:
        chosen = "waiting" if counts["waiting"] else "asked"
    page = Paginator(visible_to(actor).filter(kept[chosen]).order_by("-created_at", "pk"), PAGE)
    context = {
        "tabs": [Tab(name, label, counts[name], name == chosen) for name, label in LABELS.items()],
        "chosen": chosen,
        "page": page.get_page(request.GET.get("page")),
        "is_member": bool(actor.members),
    }
    return render(request, "pages/access/browse.html", context)


def _filters(actor: Actor) -> dict[str, Q]:
    own = sorted(actor.members)
    ours = Q(dataset__member__slug__in=own)
    waits = Q(state=AccessState.SUBMITTED)
    return {"asked": Q(member__slug__in=own), "waiting": ours & waits, "decided": ours & ~waits}
