"""Why a node that knows of a job has not taken it. A wait of its own, said aloud, is no silence."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from provenance.errors import Conflict, Invalid
from training.jobs.claims import locked_job
from training.jobs.dispatching import record_job_event
from training.jobs.models import Job
from training.jobs.states import CLAIMABLE
from training.nodes.models import Node

MAX_REASON = 300


class HoldCode(models.TextChoices):
    """The causes that a node may name; each is its member's own affair."""

    APPROVAL = "awaiting-local-approval", _("a person of its member has to approve it")
    HOURS = "outside-hours", _("its member's hours do not allow it now")
    BUDGET = "budget-used-up", _("its member's budget is used up")
    DISK = "disk-full", _("its disk is full")
    BUSY = "other-job-runs", _("it works on another job")
    CLOCK = "clock-behind", _("by its clock the manifest is not valid yet")


@transaction.atomic
def hold_job(node: Node, job: Job, *, code: str, reason: str = "") -> Job:
    """Note why the node waits; the same cause again changes nothing, and a claim clears it.

    Raises:
        NotFound: the job is another node's. Invalid: ``hold-code-unknown``.
        Conflict: ``job-not-waiting``, when the job runs, was paused or ended.
    """
    if code not in HoldCode.values:
        known = ", ".join(HoldCode.values)
        raise Invalid(f"A hold is one of {known}.", code="hold-code-unknown", fields={"code": [known]})
    job = locked_job(node, job)
    if job.state not in CLAIMABLE:
        raise Conflict(
            f"This job is {job.state}.", code="job-not-waiting", remedy="Ask where it stands, and obey."
        )
    is_news = job.held_code != code
    job.held_code, job.held_reason = code, reason[:MAX_REASON]
    job.save(update_fields=["held_code", "held_reason"])
    if is_news:
        record_job_event(job, "job.held", actor=node.actor, reason_codes=[code])
    return job
