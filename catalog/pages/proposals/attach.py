"""`/proposals/<id>/edit/files/`: bytes where the tier allows them, a manifest of hashes where not."""

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalog.inspection.describing import attach_description
from catalog.inspection.progress import progress_of
from catalog.inspection.waiting import attestation_of
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.pages.proposals.forms.files import ManifestForm, UploadForm
from catalog.pages.proposals.intake import without_forbidden_bytes
from catalog.pages.proposals.showing import frame_of, refuse_description
from catalog.pages.proposals.steps import address_of_step
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_pointers, attach_upload, detach_file
from catalog.tiers import RULES, Tier, may_store_bytes
from provenance.actors import Actor
from provenance.errors import Invalid

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_SHOWN: Final = 200
MOST_REASONS: Final = 20


@login_required
@without_forbidden_bytes
@require_http_methods(["GET", "HEAD", "POST"])
def edit_files(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what is attached; attach or detach and come back."""
    actor, proposal = draft_for(request, key)
    if tier_of(proposal.record) is Tier.PRIVATE:
        return refuse_description(request, proposal)
    if request.method != "POST":
        return _page(request, proposal)
    if path := request.POST.get("detach"):
        detach_file(actor=actor, proposal=proposal, path=path)
        messages.success(request, _("Detached %(path)s.") % {"path": path})
        return redirect(address_of_step(proposal, "files"))
    form = _attach(request, actor, proposal)
    if form is not None:
        return _page(request, draft_for(request, key)[1], form)
    messages.success(request, _("Attached."))
    return redirect(address_of_step(proposal, "files"))


def _attach(request: HttpRequest, actor: Actor, proposal: Proposal) -> CatalogForm | None:
    """Attach what was sent; return the form with what speaks against it, None when all went well."""
    if "manifest" in request.POST:
        form: CatalogForm = ManifestForm(request.POST)
        if not form.is_valid():
            return form
        try:
            _describe(actor, proposal, form.cleaned_data["manifest"])
        except Invalid as refusal:
            return _refused(form, "manifest", refusal)
        return None
    return _upload(request, actor, proposal)


def _describe(actor: Actor, proposal: Proposal, given: list[dict[str, Any]] | dict[str, Any]) -> None:
    """A list tells which files there are; a node's envelope also who says so, and what is in them."""
    if isinstance(given, dict):
        attach_description(actor=actor, proposal=proposal, envelope=given)
    else:
        attach_pointers(actor=actor, proposal=proposal, manifest=given)


def _upload(request: HttpRequest, actor: Actor, proposal: Proposal) -> CatalogForm | None:
    form = UploadForm(request.POST, request.FILES)
    tier = tier_of(proposal.record)
    if tier is None or not may_store_bytes(tier):
        # The bytes were dropped unread; the service says why, without being given any.
        files: list[UploadedFile[Any]] = []
        language = ""
    elif not form.is_valid():
        return form
    else:
        files, language = form.cleaned_data["file"], form.cleaned_data["language"]
    try:
        if not files:
            attach_upload(actor=actor, proposal=proposal, path="refused", language="", chunks=())
        for file in files:
            _attach_one(actor, proposal, file, language)
    except Invalid as refusal:
        return _refused(form, "file", refusal)
    return None


def _attach_one(actor: Actor, proposal: Proposal, file: "UploadedFile[Any]", language: str) -> None:
    # Browsers send a name, hostile callers a path; only its last part is a name.
    name = PurePosixPath((file.name or "").replace("\\", "/")).name
    attach_upload(actor=actor, proposal=proposal, path=name, language=language, chunks=file.chunks())


def _refused(form: CatalogForm, field: str, refusal: Invalid) -> CatalogForm:
    texts = list(dict.fromkeys(f"{path}: {text}" for path, each in refusal.fields.items() for text in each))
    sentence = " ".join(filter(None, [refusal.message, refusal.remedy]))
    for text in [sentence, *texts[:MOST_REASONS]]:
        form.add_error(field, text)
    if (more := len(texts) - MOST_REASONS) > 0:
        form.add_error(field, ngettext("%(n)s more problem.", "%(n)s more problems.", more) % {"n": more})
    return form


def _page(request: HttpRequest, proposal: Proposal, refused: CatalogForm | None = None) -> HttpResponse:
    tier = tier_of(proposal.record)
    takes_bytes = tier is not None and may_store_bytes(tier)
    context: dict[str, Any] = {
        **frame_of(proposal, "files"),
        "tier": tier,
        "rules": RULES[tier] if tier else None,
        "takes_bytes": takes_bytes,
        "files": proposal.files[:MOST_SHOWN],
        "files_more": max(0, len(proposal.files) - MOST_SHOWN),
        "form": refused or (UploadForm() if takes_bytes else ManifestForm()),
        "next": address_of_step(proposal, "check"),
        "progress": progress_of(proposal.files),
        "attested": None if takes_bytes else attestation_of(proposal),
    }
    return render(request, "pages/proposals/steps/files.html", context, status=422 if refused else 200)
