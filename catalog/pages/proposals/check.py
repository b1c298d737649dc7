"""`/proposals/<id>/edit/check/`: read everything once, affirm it, hand it in."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.pages.proposals.edit import frame_of, merged
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.decisions import AffirmForm
from catalog.pages.proposals.overview import located
from catalog.pages.proposals.steps import STEPS, address_of_step
from catalog.pages.records import Row, rows_of
from catalog.proposals.checks import check_record, tier_of
from catalog.proposals.findings import Level
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, submit_proposal
from catalog.tiers import RULES
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_answers(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show all answers with a way to change each; affirming submits."""
    actor, proposal = draft_for(request, key)
    form = AffirmForm(request.POST or None, initial={"revision": proposal.revision})
    if request.method == "POST" and form.is_valid():
        try:
            _hand_in(actor, proposal, form.cleaned_data["revision"])
        except Conflict as conflict:
            if conflict.code != "revision-stale":
                raise
            messages.warning(request, _("Somebody saved a newer revision: please read it before you submit."))
            return redirect(address_of_step(proposal, "check"))
        except Invalid:
            # What is missing stands on the page already, each with the way to mend it.
            form.add_error(None, _("It can not be submitted yet: something is still missing."))
        else:
            messages.success(request, _("Submitted. Its story and what happens next stand here."))
            return redirect(proposal)
    proposal = draft_for(request, key)[1]
    return _page(request, proposal, form)


def _hand_in(actor: Actor, proposal: Proposal, revision: int) -> None:
    affirmed = merged(proposal.record, {"affirmed": True})
    saved = save_draft(actor=actor, proposal=proposal, record=affirmed, expected_revision=revision)
    submit_proposal(actor=actor, proposal=saved)


def _page(request: HttpRequest, proposal: Proposal, form: AffirmForm) -> HttpResponse:
    findings = check_record(merged(proposal.record, {"affirmed": True}), proposal.files)
    tier = tier_of(proposal.record)
    if form.is_bound:
        form.data = {**form.data, "revision": proposal.revision, "affirmed": form.data.get("affirmed", "")}
    context: dict[str, Any] = {
        **frame_of(proposal, "check"),
        "form": form,
        "sections": _sections(proposal),
        "files": len(proposal.files),
        "files_url": address_of_step(proposal, "files"),
        "blockers": located(proposal, findings, Level.BLOCKER),
        "advice": located(proposal, findings, Level.ADVICE),
        "tier": tier,
        "rules": RULES[tier] if tier else None,
    }
    return render(request, "pages/proposals/steps/check.html", context, status=422 if form.errors else 200)


def _sections(proposal: Proposal) -> list[tuple[Any, str, list[Row]]]:
    rows = rows_of(proposal.record)
    return [
        (step.title, address_of_step(proposal, step.slug), [row for row in rows if row.step == step.slug])
        for step in STEPS
        if step.form is not None
    ]
