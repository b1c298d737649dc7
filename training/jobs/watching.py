"""Does a job's read still stand? Asked before every chunk that a node pulls (DM:17)."""

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from catalog.datasets.models import Dataset, DatasetVersion
from provenance.events.models import Outcome
from training.jobs.dispatching import record_job_event
from training.jobs.models import Job
from training.jobs.states import JobState
from training.nodes.states import NodeState


class JobWatch:
    """The watch over one read of a running job: of a base, or of a file of the version with this digest."""

    def __init__(self, job: Job, *, version_digest: str = "") -> None:
        self._job, self._attempt, self._digest = job, job.attempt, version_digest

    def cause(self) -> str:
        """Return why the read has to end here, empty while it may go on; one query over unique keys."""
        withdrawn = DatasetVersion.objects.filter(digest=self._digest, dataset__state=Dataset.State.WITHDRAWN)
        asked = Job.objects.filter(pk=self._job.pk).annotate(withdrawn=Exists(withdrawn))
        columns = "state", "attempt", "lease_until", "node__state", "withdrawn"
        state, attempt, lease_until, node, is_withdrawn = asked.values_list(*columns).get()
        if is_withdrawn:
            return "version-withdrawn"
        if node != NodeState.ACTIVE:
            return "node-not-active"
        held = state == JobState.RUNNING and attempt == self._attempt
        return "" if held and lease_until > timezone.now() else "lease-not-valid"

    def cut(self, *, sent: int, cause: str) -> None:
        """Log that no more than ``sent`` bytes went out, and why."""
        details = {"bytes": sent, "version": self._digest}
        with transaction.atomic():
            record_job_event(
                self._job,
                "job.read-cut",
                actor=self._job.node.actor,
                outcome=Outcome.FAILED,
                reason_codes=[cause],
                details=details,
            )
