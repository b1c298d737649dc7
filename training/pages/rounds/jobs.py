"""What became of one job, in one sentence."""

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from catalog.pages.reasons import words_of_reason
from training.jobs.models import Job
from training.jobs.states import JobKind, JobState
from training.pages.curves import Curve


def what_job_does(job: Job, curve: Curve) -> str:
    """Return the sentence that answers the page's first question; an attempt is named from the second on."""
    said = _said(job, curve)
    if job.attempt > 1:
        said = f"{said} {gettext('This is attempt %(n)s.') % {'n': job.attempt}}"
    return said


def _said(job: Job, curve: Curve) -> str:
    state = job.get_state_display()
    if job.state == JobState.RUNNING:
        return gettext("It is working now: step %(step)s of %(steps)s.") % {
            "step": job.step,
            "steps": job.steps,
        }
    if job.state == JobState.PAUSED:
        return _paused(job)
    if job.state == JobState.SUCCEEDED:
        return _succeeded(job, curve)
    if job.ended:
        text = gettext("It ended without a result: %(state)s (%(code)s).")
        return text % {"state": state, "code": words_of_reason(job.reason_code)}
    return gettext("It has not begun: %(state)s.") % {"state": state}


def _succeeded(job: Job, curve: Curve) -> str:
    if job.kind == JobKind.RE_EXECUTION:
        return gettext("It computed a contribution again, and says below whether the same came out.")
    if job.kind == JobKind.EVALUATION:
        return gettext("The evaluation is done: this node measured the new weights and their parent.")
    return _trained(curve)


def _paused(job: Job) -> str:
    if not job.steps:
        return gettext("Its member has paused it before it began.")
    return gettext("Its member has paused it at step %(step)s of %(steps)s.") % {
        "step": job.step,
        "steps": job.steps,
    }


def _trained(curve: Curve) -> str:
    first, last = curve.first, curve.last
    if first is None or last is None or first == last:
        return gettext("Training is done.")
    text = ngettext(
        "Training is done: the loss went from %(first)s to %(last)s nats per token in %(n)s step.",
        "Training is done: the loss went from %(first)s to %(last)s nats per token in %(n)s steps.",
        last.step,
    )
    if last.loss < first.loss:
        text = ngettext(
            "Training is done: the loss fell from %(first)s to %(last)s nats per token in %(n)s step.",
            "Training is done: the loss fell from %(first)s to %(last)s nats per token in %(n)s steps.",
            last.step,
        )
    losses = {
        name: number_format(point.loss, decimal_pos=2) for name, point in (("first", first), ("last", last))
    }
    return text % {**losses, "n": number_format(last.step, decimal_pos=0, force_grouping=True)}
