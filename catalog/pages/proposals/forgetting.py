"""Before a draft becomes private: what it will forget for good, and a question first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.records import rows_of
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import Tier

AGREED = "forget"


def asks_first(request: HttpRequest, proposal: Proposal, form: StepForm) -> bool:
    """Tell whether what was chosen would make the draft forget something, and nobody has agreed to that."""
    becomes = form.cleaned_data.get("tier") == Tier.PRIVATE and tier_of(proposal.record) is not Tier.PRIVATE
    return becomes and AGREED not in request.POST and bool(what_is_lost(proposal))


def what_is_lost(proposal: Proposal) -> list[str]:
    """Return, a line each, what a draft holds that it may not hold as a private one."""
    answers = sum(1 for row in rows_of(proposal.record) if row.lines and row.path != "tier")
    files = len(proposal.files)
    lost = []
    if answers:
        lost.append(ngettext("%(n)d answer", "%(n)d answers", answers) % {"n": answers})
    if files:
        lost.append(ngettext("%(n)d file", "%(n)d files", files) % {"n": files})
    if proposal.change_note:
        lost.append(_("the note on what changed"))
    return lost


def ask(request: HttpRequest, proposal: Proposal, titles: dict[str, str]) -> HttpResponse:
    """Show what would be forgotten, with a button that sends the same choice again and agrees."""
    blobs = any(file["storage"] == "blob" for file in proposal.files)
    context = {
        "proposal": proposal,
        "titles": titles,
        "lost": what_is_lost(proposal),
        "bytes_were_here": blobs,
        "agreed": AGREED,
    }
    return render(request, "pages/proposals/forget.html", context)
