"""A member pauses a job on its own node, lets it go on, or calls it off; each is confirmed first."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.actors import Actor
from provenance.errors import DomainError
from training.jobs.endings import cancel_job
from training.jobs.models import Job
from training.jobs.pausing import pause_job, resume_job
from training.jobs.states import JobState
from training.pages.replies import put_into

MOST_CHARACTERS: Final = 300
Act = Callable[[Actor, Job, str], Job]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that a member does to its job: the words on its page, and from which states."""

    verb: str
    title: str | Promise
    meaning: str | Promise
    button: str | Promise
    done: str | Promise
    start: tuple[JobState, ...]
    act: Act
    asks_cause: bool = True
    tone: str = ""

    @property
    def route(self) -> str:
        """Name of the route of its page."""
        return f"{self.verb}-job"


TURNS: Final = {
    turn.verb: turn
    for turn in (
        Turn(
            "pause",
            _("Pause this job on %(node)s?"),
            _(
                "Its node writes a checkpoint of its own and stops; nothing of its work is lost. The round "
                "does not wait longer for it: at the deadline members decide about nodes that are missing."
            ),
            _("Pause the job"),
            _("The job is paused."),
            (JobState.QUEUED, JobState.DISPATCHED, JobState.RUNNING),
            lambda actor, job, cause: pause_job(actor, job, cause=cause),
        ),
        Turn(
            "resume",
            _("Let this job on %(node)s go on?"),
            _("It is queued again, and its node goes on from its own newest checkpoint."),
            _("Let it go on"),
            _("The job goes on."),
            (JobState.PAUSED,),
            lambda actor, job, _cause: resume_job(actor, job),
            asks_cause=False,
        ),
        Turn(
            "cancel",
            _("Call this job on %(node)s off?"),
            _("Its node contributes nothing to this round, and nothing undoes this. The other nodes go on."),
            _("Call the job off"),
            _("The job is called off."),
            (JobState.QUEUED, JobState.DISPATCHED, JobState.RUNNING, JobState.PAUSED),
            lambda actor, job, cause: cancel_job(actor, job, cause=cause),
            tone="bad",
        ),
    )
}


class CauseForm(CatalogForm):
    """Why, in the member's own words."""

    cause = forms.CharField(
        label=_("Cause"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The log keeps it, and people of the consortium read it."),
    )


def turns_for(actor: Actor, job: Job) -> list[Turn]:
    """Return what ``actor`` may do to the job now; ``job`` comes with its node and member."""
    if not actor.has_role(Role.MAINTAINER, member=job.node.member.slug) or job.cancel_requested:
        return []
    return [turn for turn in TURNS.values() if job.state in turn.start]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def steer(request: HttpRequest, round_id: int, job_id: UUID, verb: str) -> HttpResponse:
    """Ask whether it is meant, then do it; whoever may not is told who may."""
    jobs = Job.objects.select_related("node__member", "round__family")
    job = get_object_or_404(jobs, pk=job_id, round_id=round_id)
    actor, turn = actor_of(request.user), TURNS[verb]
    allowed = turn in turns_for(actor, job)
    form = CauseForm(request.POST if allowed and request.method == "POST" else None)
    if not turn.asks_cause:
        del form.fields["cause"]
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    address = f"/rounds/{job.round_id}/jobs/{job.pk}/"
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                turn.act(actor, job, form.cleaned_data.get("cause", ""))
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, str(turn.done))
                return redirect(address)
    title = turn.title % {"node": job.node.name}
    context = {"job": job, "turn": turn, "title": title, "form": form, "allowed": allowed, "address": address}
    return render(request, "training/rounds/steer.html", context, status=status)
