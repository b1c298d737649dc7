"""`/proposals/<id>/threads/`: asking about one answer, and what is said to it."""

import uuid
from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.interchange.disclosure import is_withheld
from catalog.pages.proposals.finding import may_edit, proposal_for
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.fields import label_of_field
from catalog.pages.review.forms import ReplyForm, ThreadForm
from catalog.pages.review.talk import may_speak, talk_of
from catalog.proposals.models import Proposal
from catalog.review.discussing import open_thread, reopen, reply, resolve
from catalog.review.models import Thread
from catalog.review.reading import threads_of
from catalog.review.voices import capacity_of
from provenance.actors import Actor
from provenance.errors import Invalid, NotPermitted

SAID: Final[Mapping[str, str | Promise]] = {
    "reply": gettext_lazy("Your reply stands in the talk."),
    "settle": gettext_lazy("Your reply stands in the talk, and it is settled."),
    "resolve": gettext_lazy("Settled. Anybody in the talk can open it again."),
    "reopen": gettext_lazy("The talk is open again."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask or remark something, about one answer or about all of it."""
    actor, proposal = proposal_for(request, key)
    _require_voice(actor, proposal)
    form = ThreadForm(
        request.POST or None,
        initial={"field": request.GET.get("field", "")},
        may_request=capacity_of(actor, proposal) is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            thread = open_thread(actor=actor, proposal=proposal, **form.cleaned_data)
        except Invalid as refusal:
            form.take_over(refusal.fields)
        else:
            messages.success(
                request, _("Your question stands at the answer, and those it concerns are told.")
            )
            return redirect(f"{proposal.get_absolute_url()}#thread-{thread.pk}")
    context = {
        "form": form,
        "proposal": proposal,
        "titles": titles_of(proposal),
        "about": label_of_field(str(form["field"].value() or "")),
    }
    return render(request, "pages/review/begin.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, key: uuid.UUID, thread_id: uuid.UUID) -> HttpResponse:
    """Show one talk by itself; take a reply, settle it or open it again (POST, by ``do``)."""
    actor, proposal = proposal_for(request, key)
    thread = _thread_of(actor, proposal, thread_id)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    do = request.POST.get("do", "reply")
    if request.method == "POST" and _done(actor, thread, do, form):
        messages.success(request, str(SAID[do]))
        return redirect(f"{proposal.get_absolute_url()}#thread-{thread.pk}")
    context = {
        "form": form,
        "proposal": proposal,
        "titles": titles_of(proposal),
        "talk": talk_of(thread, proposal, speaks=may_speak(actor, proposal)),
        "edits": may_edit(actor, proposal),
    }
    return render(request, "pages/review/thread.html", context, status=422 if form.errors else 200)


def _done(actor: Actor, thread: Thread, do: str, form: ReplyForm) -> bool:
    """Do what was asked; False with the errors in the form where the words are missing or refused."""
    silent: dict[str, Callable[..., object]] = {"resolve": resolve, "reopen": reopen}
    if do in silent:
        silent[do](actor=actor, thread=thread)
        return True
    if do not in SAID:
        raise Invalid(_("A talk can be answered, settled and opened again."), code="unknown-step")
    if not form.is_valid():
        return False
    try:
        reply(actor=actor, thread=thread, text=form.cleaned_data["text"])
    except Invalid as refusal:
        form.take_over(refusal.fields)
        return False
    if do == "settle":
        resolve(actor=actor, thread=thread)
    return True


def _thread_of(actor: Actor, proposal: Proposal, thread_id: uuid.UUID) -> Thread:
    if is_withheld(actor, proposal):
        raise Http404
    thread: Thread | None = next((each for each in threads_of(actor, proposal) if each.pk == thread_id), None)
    if thread is None:
        raise Http404
    return thread


def _require_voice(actor: Actor, proposal: Proposal) -> None:
    """Refuse before anybody writes a question for nothing.

    Raises:
        NotPermitted: code ``not-in-the-talk``.
    """
    if not may_speak(actor, proposal):
        raise NotPermitted(
            _("Its stewards and reviewers talk about a proposal while it is not decided."),
            code="not-in-the-talk",
            remedy=_("You can read what they say on its page."),
        )
