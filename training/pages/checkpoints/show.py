"""`/checkpoints/` and `/checkpoints/<digest>/`: what is this base made of, and is it better than the last?"""

import json
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.pages.datasets.descent import bounded_depth
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import document_of
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.pages.checkpoints.ancestry import ancestry_of
from training.pages.checkpoints.contents import contents_in
from training.pages.checkpoints.evaluations import compare_with_parent, course_of
from training.pages.checkpoints.rules import described_rule, described_server
from training.pages.derivatives.lists import of_base
from training.pages.rollbacks.replaced import replaced_by
from training.rollbacks.standing import rollback_of_step

PAGE: Final = 40


@require_safe
def browse_checkpoints(request: HttpRequest) -> HttpResponse:
    """List all bases by family, newest first."""
    merged = Count(
        "round__jobs__contribution", filter=Q(round__jobs__contribution__state=ContributionState.MERGED)
    )
    bases = Checkpoint.objects.select_related("family", "parent", "round").annotate(merged=merged)
    page = Paginator(bases.order_by("family__name", "family", "-number"), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "training/checkpoints/browse.html", {"page": page})


@require_safe
def show_checkpoint(request: HttpRequest, digest: str) -> HttpResponse:
    """Show one base: its parent, its contributions, the datasets it traces to, its figures and its recipe.

    A step of a rollback has no page of its own: its rollback's page shows it.
    """
    if (rollback := rollback_of_step(digest)) is not None:
        return redirect(rollback)
    bases = Checkpoint.objects.select_related("family__imported", "parent__family", "round")
    checkpoint = get_object_or_404(bases, digest=digest)
    actor = actor_of(request.user)
    depth = bounded_depth(request.GET.get("depth"))
    ancestry = ancestry_of(checkpoint.digest, actor, depth=depth)
    contributions = _contributions(checkpoint)
    context = {
        "checkpoint": checkpoint,
        "round": getattr(checkpoint, "round", None),
        "replaced": replaced_by(checkpoint),
        "children": checkpoint.children.select_related("family"),
        "answer": _answer(checkpoint, len(contributions), len(ancestry.versions)),
        "contributions": contributions,
        "contents": contents_in(checkpoint) if contributions else None,
        "rule": described_rule(checkpoint.recipe),
        "server": described_server(checkpoint.recipe),
        "ancestry": ancestry,
        "depth": depth,
        "comparison": compare_with_parent(checkpoint, actor),
        "course": course_of(checkpoint, actor),
        "document": json.dumps(document_of(checkpoint), indent=2, sort_keys=True, ensure_ascii=False),
        "may_download": bool(actor.members),
        **of_base(checkpoint, actor),
    }
    return render(request, "training/checkpoints/checkpoint.html", context)


def _contributions(checkpoint: Checkpoint) -> list[Contribution]:
    """The recipe's contributions, in the order in which they are summed."""
    digests = checkpoint.recipe.get("contributions", [])
    rows = Contribution.objects.filter(digest__in=digests).select_related("job__node__member")
    return sorted(rows, key=lambda each: each.digest)


def _answer(checkpoint: Checkpoint, contributions: int, versions: int) -> str:
    imported = checkpoint.family.imported
    if checkpoint.parent is None and imported is not None:
        text = _("The first base of its family: %(model)s, which was made elsewhere, under %(licence)s.")
        return text % {"model": imported.name, "licence": imported.licence}
    if checkpoint.parent is None:
        return _("The first base of its family, computed from an architecture and a seed: no data are in it.")
    made = ngettext("%(n)s contribution", "%(n)s contributions", contributions) % {"n": contributions}
    traced = ngettext("%(n)s dataset version", "%(n)s dataset versions", versions) % {"n": versions}
    text = _("A shared base, made of %(parent)s and %(made)s; it traces to %(traced)s that you may discover.")
    return text % {"parent": checkpoint.parent.label, "made": made, "traced": traced}
