"""`/proposals/<id>/history/`: how did it come to this? As a page, as Markdown, and for machines."""

import json
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.pages.proposals.finding import proposal_for
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.story import story_of
from catalog.pages.review.story_markdown import write_story
from catalog.proposals.models import Proposal
from catalog.review.history import history_of
from catalog.review.history_document import document_of


@login_required
@require_safe
def show_history(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tell everything that happened, day by day."""
    actor, proposal = proposal_for(request, key)
    context = {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "days": story_of(history_of(actor, proposal), actor),
    }
    return render(request, "pages/review/history.html", context)


@login_required
@require_safe
def history_markdown(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return the story as Markdown, in the reader's language."""
    actor, proposal = proposal_for(request, key)
    days = story_of(history_of(actor, proposal), actor)
    return _file(write_story(proposal, days), "text/markdown", proposal, "md")


@login_required
@require_safe
def history_json(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return every event and row that the reader may know of, for machines."""
    actor, proposal = proposal_for(request, key)
    document = document_of(history_of(actor, proposal))
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _file(text, "application/json", proposal, "json")


def _file(text: str, media_type: str, proposal: Proposal, ending: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    # To be kept and never rendered in place: these are texts that people wrote.
    response["Content-Disposition"] = f'attachment; filename="{proposal.slug}-history.{ending}"'
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
