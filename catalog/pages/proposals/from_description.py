"""`/proposals/from/`: a draft from a description that exists, or an existing draft filled in from one.

What was read is shown before anything is made of it, and until then it is kept nowhere here (INV-1).
"""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalog.intake.asking import fetch_description
from catalog.intake.readers import Candidate, read_all
from catalog.intake.starting import Source, fill_from_description, start_from_description, still_open
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.description import DescriptionForm
from catalog.pages.proposals.holding import Held, sign, unsign
from catalog.pages.proposals.reading_notes import notes_of
from catalog.pages.proposals.small_files import with_files_in_memory
from catalog.pages.proposals.titles import titles_of
from catalog.pages.records import rows_of
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import DomainError, NotPermitted


@login_required
@with_files_in_memory
@require_http_methods(["GET", "HEAD", "POST"])
def start_from(request: HttpRequest) -> HttpResponse:
    """Ask for a description; show what was read; make the draft or fill it in."""
    actor = actor_of(request.user)
    draft = _draft(request)
    members = _members(actor, draft)
    if "held" in request.POST:
        return _go_on(request, actor, draft, members)
    form = DescriptionForm(request.POST or None, request.FILES or None, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            held = _read(actor, members, form)
        except DomainError as refused:
            form.refuse(refused)
        else:
            return _show(request, actor, draft, held, held.reading.candidates)
    context = {"form": form, "draft": draft, "titles": titles_of(draft) if draft else {}}
    status = 422 if form.errors else 200
    return render(request, "pages/proposals/from_description.html", context, status=status)


def _draft(request: HttpRequest) -> Proposal | None:
    """Return the draft to fill in, if one was named; private data are not described here."""
    key = request.GET.get("proposal", "")
    if not key:
        return None
    try:
        _actor, draft = draft_for(request, uuid.UUID(key))
    except ValueError:
        raise Http404 from None
    if tier_of(draft.record) is Tier.PRIVATE:
        raise NotPermitted(
            _("Private data are not described here: nothing of that was saved."),
            code="private-not-described",
            requirement="INV-1",
        )
    return draft


def _members(actor: Actor, draft: Proposal | None) -> list[Member]:
    slugs = {draft.member.slug} if draft else actor.members_with(Role.STEWARD)
    if not slugs:
        raise NotPermitted(
            _("Only a data steward proposes datasets."),
            code="not-a-steward",
            remedy=_("Ask the steward of your member; the member’s page names the people."),
        )
    return list(Member.objects.filter(slug__in=sorted(slugs)))


def _read(actor: Actor, members: list[Member], form: DescriptionForm) -> Held:
    member = next(each for each in members if each.slug == form.cleaned_data["member"])
    if form.way == "url":
        fetched = fetch_description(actor=actor, member=member, url=form.cleaned_data["url"])
        content, media_type, name = fetched.content, fetched.media_type, fetched.url
    else:
        content, media_type, name = form.content
    reading = read_all(content, media_type=media_type, name=name)
    return Held(reading=reading, source=Source(name=name, kind=reading.kind), member=member.slug)


def _go_on(request: HttpRequest, actor: Actor, draft: Proposal | None, members: list[Member]) -> HttpResponse:
    held = unsign(actor, request.POST["held"])
    chosen = held.reading.chosen(request.POST.get("dataset", ""))
    if "take" not in request.POST:
        return _show(request, actor, draft, held, (chosen,))
    if draft:
        return _fill(request, actor, draft, held, chosen)
    member = next((each for each in members if each.slug == held.member), None)
    if member is None:
        raise Http404
    made = start_from_description(actor=actor, member=member, made=chosen.made, source=held.source)
    messages.success(
        request, _("Your draft is started with these answers. First of all: how far may the data go?")
    )
    return redirect("proposal-step", made.pk, "tier")


def _fill(request: HttpRequest, actor: Actor, draft: Proposal, held: Held, chosen: Candidate) -> HttpResponse:
    filled, fields = fill_from_description(actor=actor, proposal=draft, made=chosen.made, source=held.source)
    told = ngettext("%(n)s answer was filled in.", "%(n)s answers were filled in.", len(fields))
    messages.success(request, told % {"n": len(fields)})
    return redirect(filled)


def _show(
    request: HttpRequest,
    actor: Actor,
    draft: Proposal | None,
    held: Held,
    candidates: tuple[Candidate, ...],
) -> HttpResponse:
    """Show what was read of the only dataset, or ask which of several is meant."""
    context: dict[str, Any] = {
        "held": sign(actor, held),
        "draft": draft,
        "titles": titles_of(draft) if draft else {},
        "source": held.source.name,
        "candidates": candidates,
    }
    if len(candidates) > 1:
        return render(request, "pages/proposals/from_several.html", context)
    chosen = candidates[0]
    read = still_open(draft.record, chosen.made.record) if draft else chosen.made.record
    notes = {"format": str(held.source.kind), "source": held.source.name, **asdict(chosen.made)}
    context |= {
        "chosen": chosen,
        "rows": [row for row in rows_of(read) if row.lines],
        "notes": notes_of(notes),
    }
    return render(request, "pages/proposals/from_read.html", context)
