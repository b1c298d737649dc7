"""A step that saves itself: the same save, answered in JSON for the script of the page."""

import json
from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.members.models import User
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.saving import Outcome, save_step
from catalog.pages.proposals.showing import findings_of_step
from catalog.pages.proposals.steps import TIER, Step
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import Invalid

AUTOSAVE: Final = "X-Autosave"
TIME: Final = "{time}"  # the page puts the time of ``saved_at`` here, in its reader's zone


def save_quietly(
    request: HttpRequest, actor: Actor, proposal: Proposal, step: Step, form: StepForm
) -> HttpResponse:
    """Save what can be saved and tell the rest, with status 200: ``saved`` is true where all of it is.

    A draft neither becomes private nor stops being so by itself: both forget something, so both wait for a
    button.
    """
    if step is TIER and Tier.PRIVATE in {form.cleaned_data.get("tier"), tier_of(proposal.record)}:
        says = _("Not saved yet: a change from or to private waits for the button.")
        return _answer(request, actor, Outcome.of_nothing(proposal, form), step, form, says)
    try:
        outcome = save_step(actor, proposal, form, request.POST)
    except Invalid as refusal:
        says = _("Not saved: %(reason)s") % {
            "reason": " ".join(filter(None, [refusal.message, refusal.remedy]))
        }
        return _answer(request, actor, Outcome.of_nothing(proposal, form), step, form, says)
    says = _words(outcome, form, other=_name_of(proposal.saved_by, actor))
    return _answer(request, actor, outcome, step, form, says, saved=not outcome.open)


def _words(outcome: Outcome, form: StepForm, *, other: str) -> str:
    if outcome.open:
        n = len([each for each in outcome.beside if not each.chosen])
        text = ngettext(
            "Saved at %(time)s, but for %(n)d answer that somebody else changed too: choose above.",
            "Saved at %(time)s, but for %(n)d answers that somebody else changed too: choose above.",
            n,
        )
        return text % {"time": TIME, "n": n}
    sentences = [_("Saved at %(time)s.") % {"time": TIME}]
    if form.errors:
        sentences.append(_("Not everything can be read yet."))
    if outcome.news:
        news = _("%(name)s changed other answers of this step: load it again to see them.")
        sentences.append(news % {"name": other})
    return " ".join(sentences)


def _name_of(person: User | None, actor: Actor) -> str:
    """Return who saved last, to begin a sentence; people of one member may know each other's names."""
    if person is None:
        return _("Somebody else")
    return _("Another window of yours") if person.pk == actor.key else person.name


def _answer(
    request: HttpRequest,
    actor: Actor,
    outcome: Outcome,
    step: Step,
    form: StepForm,
    says: str,
    *,
    saved: bool = False,
) -> JsonResponse:
    found = findings_of_step(actor, outcome.proposal, step.slug, form)
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "findings": ("step_findings", {"findings": found, "form": form}),
        "clashes": ("stale", {"clashes": outcome.beside}),
    }
    body: dict[str, Any] = {
        "saved": saved,
        "says": says,
        "revision": outcome.proposal.revision,
        "base": json.dumps(outcome.base),
        "saved_at": outcome.proposal.updated_at.isoformat(),
        "findings": [asdict(each) for each in found.findings],
        "refused": {name: [str(text) for text in texts] for name, texts in form.errors.items()},
        "clashes": [each.path for each in outcome.beside],
        "parts": {
            name: render_to_string(f"pages/proposals/{template}.html", context, request).strip()
            for name, (template, context) in parts.items()
        },
    }
    return JsonResponse(body)
