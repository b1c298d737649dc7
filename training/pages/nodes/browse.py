"""`/nodes/`: where does training happen, and may this machine take part?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from provenance.errors import DomainError
from training.nodes.services import APPROVALS_NEEDED, approve_node
from training.nodes.states import NodeState
from training.pages.nodes.seats import Seat, seats_of, visible_nodes
from training.pages.replies import tell_refusal
from training.pages.voices import VoiceForm, voices_of


@require_safe
def browse_nodes(request: HttpRequest) -> HttpResponse:
    """List the nodes. One that waits for approval is shown to the consortium alone: its member is a claim."""
    actor = actor_of(request.user)
    seats = seats_of(visible_nodes(actor), actor)
    context = {
        "answer": _answer([seat for seat in seats if seat.node.state != NodeState.PENDING]),
        "seats": seats,
        "waiting": [seat for seat in seats if seat.node.state == NodeState.PENDING],
        "taking_part": [seat for seat in seats if seat.node.state != NodeState.PENDING],
        "is_maintainer": actor.has_role(Role.MAINTAINER),
        "needed": APPROVALS_NEEDED,
    }
    return render(request, "training/nodes/browse.html", context)


@require_safe
def show_of_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a member's page with its nodes."""
    member = get_object_or_404(Member, slug=slug)
    actor = actor_of(request.user)
    seats = seats_of(visible_nodes(actor).filter(member=member), actor)
    return render(request, "training/nodes/of_member.html", {"seats": seats, "member": member})


@login_required
@require_POST
def approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Add the person's member to those that let the node in."""
    actor = actor_of(request.user)
    node = get_object_or_404(visible_nodes(actor), slug=slug)
    form = VoiceForm(request.POST, voices=voices_of(actor))
    if not form.is_valid():
        messages.error(request, _("Say for which of your members you speak."))
        return redirect(node)
    try:
        node = approve_node(actor, node, member=form.speaker)
    except DomainError as error:
        tell_refusal(request, error)
    else:
        active = node.state == NodeState.ACTIVE
        now = _("It takes part now.") if active else _("One more member has to agree.")
        messages.success(request, f"{_('Your approval is in the log.')} {now}")
    return redirect(node)


def _answer(seats: list[Seat]) -> str:
    """Say how many nodes take part and how many of them work now; then those that were stopped."""
    active = [seat for seat in seats if seat.node.state == NodeState.ACTIVE]
    if not active:
        return _(
            "No node takes part yet. A member enrols one from its own machine, and maintainers let it in."
        )
    taking_part = ngettext(
        "%(n)s node of %(members)s takes part", "%(n)s nodes of %(members)s take part", len(active)
    ) % {"n": len(active), "members": _members(len({seat.node.member_id for seat in active}))}
    running = sum(seat.job is not None for seat in seats)
    working = ngettext("%(n)s is working now", "%(n)s are working now", running) % {"n": running}
    stopped = sum(seat.node.state == NodeState.SUSPENDED for seat in seats)
    words = [f"{taking_part}; {working if running else _('none is working now')}."]
    if stopped:
        words.append(ngettext("%(n)s is suspended.", "%(n)s are suspended.", stopped) % {"n": stopped})
    words.append(_("Data stay on them, and their keys never leave."))
    return " ".join(words)


def _members(count: int) -> str:
    return ngettext("%(n)s member", "%(n)s members", count) % {"n": count}
