"""The page of one step: the frame around its questions, what others did, and what the checks say of it."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.design.languages import suggested_languages
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.saving import Outcome
from catalog.pages.proposals.steps import BY_SLUG, TIER, address_of_step, step_after, step_of, steps_for
from catalog.pages.proposals.titles import titles_of
from catalog.proposals.checks import check_draft
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from provenance.actors import Actor

LICENCES: Final = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CDLA-Permissive-2.0",
    "MIT",
    "Apache-2.0",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class StepFindings:
    """What the checks say of one step, each finding with the place on its page that mends it."""

    blockers: list[tuple[Finding, str]]
    advice: list[tuple[Finding, str]]

    @property
    def findings(self) -> list[Finding]:
        """All of them, blockers first."""
        return [finding for finding, _place in (*self.blockers, *self.advice)]


def frame_of(proposal: Proposal, step: str) -> dict[str, Any]:
    """Return what all steps show around their form."""
    steps = steps_for(proposal)
    number = [each.slug for each in steps].index(step) + 1
    return {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "step": BY_SLUG[step],
        "number": number,
        "steps": len(steps),
        "back": address_of_step(proposal, steps[number - 2].slug)
        if number > 1
        else proposal.get_absolute_url(),
    }


def merged(record: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return the record with a step's answers; what is not answered is not kept as an empty answer."""
    return {name: value for name, value in {**record, **patch}.items() if value is not None}


def refuse_description(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Lead from a step that a private draft has not to its seal; what was sent is dropped (INV-1)."""
    messages.warning(request, _("Private data are not described here: nothing of that was saved."))
    return redirect(address_of_step(proposal, step_after(proposal, TIER.slug)))


def findings_of_step(actor: Actor, proposal: Proposal, step: str, form: StepForm) -> StepFindings:
    """Check the whole draft and return what is about this step; nothing of a step that nobody began."""
    began = any(each not in ("", None, [], {}) for each in form.shown_of(proposal.record).values())
    found = check_draft(proposal, actor=actor) if began else []
    own = [(each, _place(form, each)) for each in found if step_of(proposal, each.field) == step]
    return StepFindings(
        blockers=[pair for pair in own if pair[0].level is Level.BLOCKER],
        advice=[pair for pair in own if pair[0].level is Level.ADVICE],
    )


def page_of_step(
    request: HttpRequest,
    actor: Actor,
    proposal: Proposal,
    step: str,
    form: StepForm,
    outcome: Outcome | None = None,
) -> HttpResponse:
    """Show a step: 200, 409 where somebody has to choose between two answers, 422 where one was refused."""
    clashes = outcome.beside if outcome else []
    context = {
        **frame_of(proposal, step),
        "form": form,
        "clashes": clashes,
        "findings": findings_of_step(actor, proposal, step, form),
        "is_own": proposal.saved_by_id == actor.key,
        "autonyms": suggested_languages(),
        "licences": LICENCES,
    }
    pages = [f"pages/proposals/steps/{step}.html", "pages/proposals/steps/questions.html"]
    return render(request, pages, context, status=409 if clashes else 422 if form.errors else 200)


def _place(form: StepForm, finding: Finding) -> str:
    """Return the anchor of the field that a finding is about, or of the first that is a part of it."""
    fields = {form.path_of(name): form[name].auto_id for name in form.fields if name not in form.asides}
    inside = (place for path, place in fields.items() if f"{path}.".startswith(f"{finding.field}."))
    around = (place for path, place in fields.items() if f"{finding.field}.".startswith(f"{path}."))
    place = next(inside, "") or next(around, "")
    return place and f"#{place}"
