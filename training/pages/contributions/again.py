"""Another node computes a contribution again: what came out, who was asked, and who may be asked."""

from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.actors import Actor
from provenance.errors import DomainError
from training.contributions.models import Contribution, ReExecution
from training.contributions.re_executing import NOT_HERE, Choice, nodes_for, request_re_execution
from training.jobs.models import Job
from training.nodes.models import Node
from training.pages.replies import tell_refusal
from training.rounds.windows import are_bytes_readable

WHY_NOT: Final[dict[str, str | Promise]] = {
    "own-contribution": gettext_lazy("It made this contribution itself."),
    "asked-already": gettext_lazy("It was asked already."),
    "not-owner-node": gettext_lazy("Data among the inputs never leave the nodes of their owner."),
    "version-withdrawn": gettext_lazy("Data among the inputs were withdrawn."),
    "outside-residency": gettext_lazy("Data among the inputs may not be processed where it stands."),
    "embargoed": gettext_lazy("Data among the inputs are under embargo."),
}


class NodeForm(CatalogForm):
    """Which node is to compute it again."""

    node = forms.ChoiceField(label=gettext_lazy("Which node?"), widget=forms.RadioSelect)

    def __init__(self, *args: object, nodes: list[Node], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through to Django
        asked = self.fields["node"]
        if isinstance(asked, forms.ChoiceField):
            asked.choices = [(node.slug, f"{node.name} ({node.member})") for node in nodes]


@dataclass(frozen=True, slots=True)
class Again:
    """What is known of re-executions; the form for maintainers, ``others`` with why they may not."""

    done: list[ReExecution]
    under_way: list[Job]
    form: NodeForm | None = None
    others: list[tuple[Node, str | Promise]] = field(default_factory=list)
    reason: str | Promise = ""


def again_for(actor: Actor, contribution: Contribution) -> Again:
    """Return the re-executions of a contribution as ``actor`` meets them."""
    done = list(contribution.re_executions.select_related("job__node__member"))
    asked = contribution.checks.filter(re_execution=None).select_related("node__member")
    known = Again(done, list(asked.order_by("created_at")))
    reason = _why_not(actor, contribution)
    if reason:
        return Again(known.done, known.under_way, reason=reason)
    choices = nodes_for(contribution)
    may = [choice.node for choice in choices if not choice.code]
    others = [(choice.node, _words(choice)) for choice in choices if choice.code]
    form = NodeForm(nodes=may) if may else None
    none = "" if may else _("No node may compute it again.")
    return Again(known.done, known.under_way, form, others, none)


@login_required
@require_POST
def ask(request: HttpRequest, digest: str) -> HttpResponse:
    """Ask one node to compute the contribution again."""
    rows = Contribution.objects.select_related("job__node__member", "job__round__family", "round")
    contribution = get_object_or_404(rows, digest=digest)
    node = Node.objects.filter(slug=request.POST.get("node", "").replace("\0", "")).first()
    if node is None:
        messages.error(request, _("Say which node is to compute it again."))
        return redirect(contribution)
    try:
        request_re_execution(actor_of(request.user), contribution, node)
    except DomainError as error:
        tell_refusal(request, error)
    else:
        messages.success(request, _("The node was asked; what comes out will stand here."))
    return redirect(contribution)


def _why_not(actor: Actor, contribution: Contribution) -> str | Promise:
    """Say why this reader asks for nothing here; nothing where they may."""
    if contribution.state in NOT_HERE:
        return _("Its bytes are not here, so there is nothing to compare with.")
    if not are_bytes_readable(contribution.round):
        return _("Its round still collects: until that ends nobody reads another node’s update.")
    if not actor.has_role(Role.MAINTAINER):
        return _("Maintainers ask for it.")
    return ""


def _words(choice: Choice) -> str | Promise:
    unknown = _("Policy does not let it have every input.")
    return WHY_NOT.get(choice.code, unknown)
