"""`/datasets/<slug>/withdrawal/`: what a withdrawal reached, or would reach, and who does what about it."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.pages.naming import Names, names_of
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.actors import Actor
from provenance.errors import DomainError, NotPermitted
from training.grants.services import may_revoke, revoke_grant
from training.pages.replies import tell_refusal
from training.pages.rollbacks.offer import offers_for_dataset
from training.withdrawals.models import TaskAction, TaskKind, WithdrawalTask
from training.withdrawals.report import Report, report_for
from training.withdrawals.services import finish_task, may_finish

HEADINGS: dict[TaskKind, str | Promise] = {
    TaskKind.JOB: gettext_lazy("Jobs that work on it"),
    TaskKind.REPLICA: gettext_lazy("Copies on nodes"),
    TaskKind.DESCENDANT: gettext_lazy("Made from it"),
}
PAGES = {"checkpoint": "/checkpoints/{}/", "contribution": "/contributions/{}/", "dataset": "/datasets/{}/"}


class DoneForm(CatalogForm):
    """What was done, in one word and in a sentence."""

    action = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        choices=[(action.value, capfirst(action.label)) for action in TaskAction],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Read by those who may read this report; the log says only that it is done."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A task with the page of what it is about, and the form for whoever is responsible."""

    task: WithdrawalTask
    name: str
    url: str
    form: DoneForm | None


@require_safe
def show_withdrawal(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the report as far as the reader may know; before a withdrawal it is a preview for insiders."""
    actor = actor_of(request.user)
    dataset = _entry(actor, slug)
    report = report_for(actor, dataset)
    if report.is_preview and not report.detailed:
        raise NotPermitted(
            _("Its owner and maintainers read what a withdrawal would reach."),
            code="not-an-insider",
            requirement="DM:17",
        )
    context = {
        "report": report,
        "dataset": dataset,
        "sections": _sections(report, actor),
        "rollback_offers": offers_for_dataset(actor, dataset) if report.detailed else [],
        "grants": [(grant, may_revoke(actor, grant)) for grant in report.grants],
    }
    return render(request, "training/withdrawals/report.html", context)


@login_required
@require_POST
def finish(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """Note that a task is done."""
    actor = actor_of(request.user)
    dataset = _entry(actor, slug)
    form = DoneForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            finish_task(actor, key, action=TaskAction(said["action"]), note=said["note"])
        except DomainError as error:
            tell_refusal(request, error)
        else:
            messages.success(request, _("Noted as done."))
    else:
        messages.error(request, _("Say what was done, in at most 1,000 characters."))
    return redirect("dataset-withdrawal", slug=dataset.slug)


@login_required
@require_POST
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a data grant back; reads under it end before their next byte."""
    grant = revoke_grant(actor_of(request.user), key)
    messages.success(request, _("Revoked: reads under it end before their next byte."))
    return redirect("dataset-withdrawal", slug=grant.version.dataset.slug)


def _entry(actor: Actor, slug: str) -> Dataset:
    visible = Dataset.objects.visible_to(actor).select_related("member")
    return get_object_or_404(visible, slug=slug)


def _sections(report: Report, actor: Actor) -> list[tuple[str | Promise, list[Row]]]:
    # Entries and bases are called as they are now; the rest keeps the name it was given.
    named = [task.subject for task in report.tasks if task.subject.startswith(("dataset:", "checkpoint:"))]
    names = names_of(actor, named)
    return [
        (heading, [_row(task, names, actor, preview=report.is_preview) for task in report.of_kind(kind)])
        for kind, heading in HEADINGS.items()
    ]


def _row(task: WithdrawalTask, names: Names, actor: Actor, *, preview: bool) -> Row:
    noun, _colon, key = task.subject.partition(":")
    url = PAGES[noun].format(key) if noun in PAGES else ""
    asks = not preview and task.done_at is None and may_finish(actor, task)
    form = DoneForm(initial={"action": task.action}, auto_id=f"{task.pk}-%s") if asks else None
    name = names[task.subject].text if task.subject in names else task.name
    return Row(task, name, url, form)
