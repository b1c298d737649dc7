"""`/nodes/<slug>/`: what machine is this, is it there, and what does it work on?"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.design.languages import territory_for_reader
from catalog.design.quantities import human_bytes, human_moment
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.stories import tell
from provenance.events.reading import EventFilter, recent
from training.derivatives.registering import members_that_register
from training.jobs.models import Job
from training.jobs.states import JobState
from training.nodes.models import Node
from training.nodes.services import APPROVALS_NEEDED
from training.nodes.states import NodeState
from training.pages.nodes.presence import away_since, warning_about
from training.pages.nodes.seats import seats_of, visible_nodes
from training.pages.nodes.standing import steps_for

MOST_JOBS: Final = 20
MOST_BUILDS: Final = 20
MOST_EVENTS: Final = 12
MOST_CAPABILITIES: Final = 40
CAPABILITIES: Final = {
    "accelerators": gettext_lazy("Accelerators"),
    "memory_bytes": gettext_lazy("Memory"),
    "processors": gettext_lazy("Processor cores"),
    "runtimes": gettext_lazy("Runtimes"),
}


@require_safe
@never_cache
def show_node(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one node. One that waits for approval is shown to the consortium alone: its member is a claim.

    What the machine says of itself, and what its member reports of its builds, is for the consortium (INF-7).
    """
    actor = actor_of(request.user)
    node = get_object_or_404(visible_nodes(actor), slug=slug)
    inside = bool(actor.members)
    events = recent(actor.audiences, EventFilter(subject=f"node:{node.slug}"))
    context = {
        "node": node,
        "seat": next(iter(seats_of([node], actor))),
        "answer": _answer(node),
        "place": territory_for_reader(node.jurisdiction),
        "away": away_since(node),
        "warning": warning_about(node),
        "keys": node.keys.order_by("-since"),
        "jobs": _jobs(node)[:MOST_JOBS],
        "may_register": node.member.slug in members_that_register(actor),
        "builds": node.build_reports.select_related("base__family")[:MOST_BUILDS] if inside else [],
        "capabilities": list(_told(node.capabilities)) if inside else [],
        "steps": steps_for(actor, node),
        "in_consortium": inside,
        "is_maintainer": actor.has_role(Role.MAINTAINER),
        "needed": APPROVALS_NEEDED,
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }
    return render(request, "training/nodes/node.html", context)


def _jobs(node: Node) -> QuerySet[Job]:
    jobs = Job.objects.filter(node=node).select_related("round__family", "contribution")
    return jobs.order_by("-created_at")


def _answer(node: Node) -> str:
    """Say in one sentence whether it may take part and whether it is there."""
    match node.state:
        case NodeState.PENDING:
            return _("It asks to take part; maintainers of different members have to agree first.")
        case NodeState.SUSPENDED:
            return _(
                "It is suspended: it gets no job and no data until a maintainer of another member agrees."
            )
        case NodeState.REVOKED:
            return _("It was let go for good. What it contributed stays on record.")
    away = away_since(node)
    if away is not None:
        return _("It takes part, and nothing was heard of it since %(then)s.") % {"then": human_moment(away)}
    running = node.jobs.filter(state=JobState.RUNNING).count()
    return _("It takes part and is working now.") if running else _("It takes part; nothing runs on it now.")


def _told(capabilities: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the machine says of itself, as name and value; bytes with their unit."""
    for name, value in list(capabilities.items())[:MOST_CAPABILITIES]:
        label = str(CAPABILITIES.get(name) or name.replace("_", " ").capitalize())
        yield label, _in_words(name, value)


def _in_words(name: str, value: object) -> str:
    if name.endswith("bytes") and isinstance(value, int) and not isinstance(value, bool):
        return human_bytes(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_in_words(key, each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(_in_words(name, each) for each in value) or "–"
    return str(value)
