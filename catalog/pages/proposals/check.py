"""`/proposals/<id>/edit/check/`: read everything once, affirm it, hand it in."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.lifecycle.change_notes import needs_change_note, write_change_note
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.decisions import AffirmForm
from catalog.pages.proposals.judging import readiness_of
from catalog.pages.proposals.overview import located
from catalog.pages.proposals.showing import frame_of, merged
from catalog.pages.proposals.steps import Step, address_of_step, steps_for
from catalog.pages.records import Row, rows_of
from catalog.proposals.checks import blockers, check_draft, tier_of
from catalog.proposals.findings import Level
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, submit_proposal
from catalog.proposals.states import ProposalState
from catalog.tiers import RULES
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Section:
    """One step's answers: those to read, and the questions that nobody answered and nobody has to."""

    title: str | Promise
    url: str
    rows: list[Row]
    unanswered: list[Row]

    @property
    def answered(self) -> bool:
        """Whether there is anything to change."""
        return any(row.lines for row in self.rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_answers(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show all answers with a way to change each; affirming submits."""
    actor, proposal = draft_for(request, key)
    form = _form(request, proposal)
    if request.method == "POST" and form.is_valid():
        try:
            _hand_in(actor, proposal, form.cleaned_data)
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
    return _page(request, actor, proposal, form)


def _form(request: HttpRequest, proposal: Proposal) -> AffirmForm:
    initial = {"revision": proposal.revision, "change_note": proposal.change_note}
    return AffirmForm(
        request.POST or None,
        initial=initial,
        asks_for_change=needs_change_note(proposal),
        answers=proposal.state == ProposalState.CHANGES_REQUESTED,
    )


def _hand_in(actor: Actor, proposal: Proposal, given: Mapping[str, Any]) -> None:
    revision = given["revision"]
    if note := given.get("change_note"):
        noted = write_change_note(actor=actor, proposal=proposal, text=note, expected_revision=revision)
        revision = noted.revision
    affirmed = merged(proposal.record, {"affirmed": True})
    saved = save_draft(actor=actor, proposal=proposal, record=affirmed, expected_revision=revision)
    submit_proposal(actor=actor, proposal=saved, answer=given.get("answer", ""))


def _page(request: HttpRequest, actor: Actor, proposal: Proposal, form: AffirmForm) -> HttpResponse:
    findings = check_draft(proposal, actor=actor, record=merged(proposal.record, {"affirmed": True}))
    tier = tier_of(proposal.record)
    if form.is_bound:
        kept = {name: form.data.get(name, "") for name in ("affirmed", "change_note", "answer")}
        form.data = {**form.data, **kept, "revision": proposal.revision}
    context: dict[str, Any] = {
        **frame_of(proposal, "check"),
        "form": form,
        "sections": _sections(proposal, blockers(findings)),
        "files": len(proposal.files),
        "files_url": address_of_step(proposal, "files"),
        "blockers": located(proposal, findings, Level.BLOCKER),
        "advice": located(proposal, findings, Level.ADVICE),
        "ready": readiness_of(proposal),
        "tier": tier,
        "rules": RULES[tier] if tier else None,
    }
    return render(request, "pages/proposals/steps/check.html", context, status=422 if form.errors else 200)


def _sections(proposal: Proposal, blocked: Collection[str]) -> list[Section]:
    """Return a section for each step that asks; ``blocked`` are the fields that must be mended."""
    rows = rows_of(proposal.record)
    return [
        _section(step, address_of_step(proposal, step.slug), rows, blocked)
        for step in steps_for(proposal)
        if step.form is not None
    ]


def _section(step: Step, url: str, rows: list[Row], blocked: Collection[str]) -> Section:
    own = [row for row in rows if row.step == step.slug]
    shown = [row for row in own if row.lines or _is_blocked(row.path, blocked)]
    return Section(step.title, url, shown, [row for row in own if row not in shown])


def _is_blocked(path: str, blocked: Collection[str]) -> bool:
    """Tell whether a blocker is about this answer, a part of it, or the part that it is in."""
    return any(f"{path}.".startswith(f"{each}.") or f"{each}.".startswith(f"{path}.") for each in blocked)
