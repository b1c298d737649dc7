"""`/derivatives/<slug>/`: what was made of a base, by whom, and what does its card say?"""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.tiers import RULES, Tier
from provenance.actors import Actor
from training.derivatives.card import SECTIONS
from training.derivatives.models import Derivative, DerivativeState
from training.derivatives.readme import discoverable_versions, write_readme
from training.derivatives.registering import members_that_register
from training.derivatives.visibility import may_read_details, may_read_manifest
from training.pages.derivatives.forms import SEEN, STAGE_WORDS


def find_derivative(actor: Actor, slug: str) -> Derivative:
    """Return the model; Http404 for what is not there or may not be discovered."""
    known = Derivative.objects.visible_to(actor).select_related("member", "base__family", "statement")
    return get_object_or_404(known, slug=slug)


@require_safe
def show_derivative(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the card as far as the reader may read it, the base, the datasets and the commitments."""
    actor = actor_of(request.user)
    derivative = find_derivative(actor, slug)
    detailed = may_read_details(actor, derivative)
    own = derivative.member.slug in members_that_register(actor)
    versions = discoverable_versions(derivative, actor)
    # The statement names every version by its digest: it is shown to whom all of them are.
    may_read_statement = detailed and len(versions) == derivative.versions.count()
    context = {
        "derivative": derivative,
        "answer": _answer(derivative),
        "stages": [STAGE_WORDS[stage] for stage in derivative.stages],
        "seen": SEEN[RULES[Tier(derivative.tier)].metadata],
        "sections": [
            (title, derivative.card[name])
            for name, title in SECTIONS.items()
            if detailed and name in derivative.card
        ],
        "detailed": detailed,
        "hashes": may_read_manifest(actor, derivative),
        "versions": versions,
        "envelope": json.dumps(derivative.statement.envelope, indent=2) if may_read_statement else "",
        "may_retire": own and derivative.state == DerivativeState.REGISTERED,
    }
    return render(request, "training/derivatives/derivative.html", context)


@require_safe
def readme(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the card as README.md, as the Hugging Face Hub keeps it beside weights."""
    actor = actor_of(request.user)
    derivative = find_derivative(actor, slug)
    response = HttpResponse(write_readme(derivative, actor), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="README.md"'
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _answer(derivative: Derivative) -> str:
    words = {"member": derivative.member.name, "base": derivative.base.label}
    if derivative.state == DerivativeState.RETIRED:
        return _("%(member)s made it from %(base)s, and does not want it used any more.") % words
    return _("%(member)s made it from %(base)s, for itself; its weights stay with it.") % words
