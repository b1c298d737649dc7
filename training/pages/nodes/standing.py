"""A node is stopped, let in again, or let go: who may, and the page that asks for the cause first."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from provenance.actors import Actor
from provenance.errors import DomainError
from training.nodes.models import Node
from training.nodes.services import reinstate_node, revoke_node, suspend_node
from training.nodes.states import NodeState
from training.pages.nodes.seats import visible_nodes
from training.pages.replies import put_into
from training.pages.voices import VoiceForm, voices_of

MOST_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Step:
    """A change of standing: the words on its page and the states from which it leads."""

    verb: str
    title: str | Promise
    meaning: str | Promise
    button: str | Promise
    done: str | Promise
    start: tuple[NodeState, ...]
    tone: str = ""

    @property
    def route(self) -> str:
        """Name of the route of its page."""
        return f"{self.verb}-node"


SUSPEND: Final = Step(
    "suspend",
    gettext_lazy("Suspend %(node)s?"),
    gettext_lazy(
        "Its leases and grants end at once, and it gets no job. Its work stays on its disk and is sent after "
        "it was reinstated, if the round still wants it. Any maintainer may do this."
    ),
    gettext_lazy("Suspend the node"),
    gettext_lazy("The node is suspended."),
    (NodeState.ACTIVE,),
    "bad",
)
REINSTATE: Final = Step(
    "reinstate",
    gettext_lazy("Let %(node)s take part again?"),
    gettext_lazy("It gets jobs and grants again. A maintainer of another member than its own says so."),
    gettext_lazy("Reinstate the node"),
    gettext_lazy("The node takes part again."),
    (NodeState.SUSPENDED,),
)
REVOKE: Final = Step(
    "revoke",
    gettext_lazy("Let %(node)s go for good?"),
    gettext_lazy(
        "Its key is never accepted again, and nothing undoes this. What it contributed stays on record. "
        "Maintainers of its member decide it, and any maintainer for a node that still waits."
    ),
    gettext_lazy("Revoke the node"),
    gettext_lazy("The node is revoked."),
    (NodeState.PENDING, NodeState.ACTIVE, NodeState.SUSPENDED),
    "bad",
)
STEPS: Final = {step.verb: step for step in (SUSPEND, REINSTATE, REVOKE)}


class CauseForm(VoiceForm):
    """Why; and, where a member's voice counts, for which member."""

    cause = forms.CharField(
        label=gettext_lazy("Cause"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays in the public log, and every member reads it."),
    )
    field_order = ("member", "cause")


def steps_for(actor: Actor, node: Node) -> list[Step]:
    """Return the steps that ``actor`` may take now; the services ask again and have the last word."""
    own, voices = node.member.slug, actor.members_with(Role.MAINTAINER)
    may = {
        SUSPEND.verb: bool(voices),
        REINSTATE.verb: bool(voices) and own not in actor.members,
        REVOKE.verb: bool(voices) and (node.state == NodeState.PENDING or own in voices),
    }
    return [step for step in STEPS.values() if node.state in step.start and may[step.verb]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_standing(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Ask for the cause, then move the node; whoever may not is told who may."""
    actor = actor_of(request.user)
    node = get_object_or_404(visible_nodes(actor), slug=slug)
    step = STEPS[verb]
    allowed = step in steps_for(actor, node)
    voices: list[Member] = voices_of(actor) if step is REINSTATE else []
    form = CauseForm(request.POST if allowed and request.method == "POST" else None, voices=voices)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                _take(step, actor, node, form)
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, f"{step.done} {_('The cause is in the log.')}")
                return redirect(node)
    context = {"node": node, "step": step, "title": step.title % {"node": node.name}, "form": form}
    return render(request, "training/nodes/standing.html", {**context, "allowed": allowed}, status=status)


def _take(step: Step, actor: Actor, node: Node, form: CauseForm) -> None:
    cause = form.cleaned_data["cause"]
    if step is SUSPEND:
        suspend_node(actor, node, cause=cause)
    elif step is REINSTATE:
        reinstate_node(actor, node, cause=cause, member=form.speaker)
    else:
        revoke_node(actor, node, cause=cause)
